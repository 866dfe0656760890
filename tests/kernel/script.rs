//! A conversation as data: what the peer sends, what the host's program asks of its socket, how long is waited.

use std::time::Duration;

/// The largest payload that the peer takes (MSS), timestamps included.
pub(crate) const MSS: u16 = 1000;

/// A number of a sequence space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Number {
    /// From the ISN.
    Isn(i64),
    /// From the next number that its sender will use.
    Next(i64),
}

/// A segment of the peer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Segment {
    /// As tcpdump writes them: `S`, `F`, `R`, `P`, `.`.
    pub(crate) flags: &'static str,
    pub(crate) seq: Number,
    /// Of the host; `None` without the ACK bit.
    pub(crate) ack: Option<Number>,
    pub(crate) len: u16,
    pub(crate) window: Option<u16>,
    /// Blocks, counted from the host's ISN.
    pub(crate) sack: Vec<(i64, i64)>,
    /// Octets of further options.
    pub(crate) options: Vec<u8>,
    /// Whether the peer counts it: without, its next number stays.
    pub(crate) counts: bool,
}

/// What the host's program does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    Accept,
    Write(usize),
    /// So many writes of a full segment each.
    WriteSegments(usize),
    ReadAll,
    ShutdownWrite,
    ShutdownBoth,
    Close,
    /// SO_LINGER with a time of 0, then close.
    Abort,
    /// SO_KEEPALIVE: seconds of silence, seconds between probes, number of probes.
    KeepAlive(u64, u64, u32),
    /// TCP_USER_TIMEOUT, in milliseconds.
    UserTimeout(u64),
    CloseListener,
    /// Opens so many other connections to the listener, which nobody accepts.
    FillQueue(usize),
    /// Accepts all of those.
    EmptyQueue,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Say(Segment),
    Do(Call),
    /// Hears for so long.
    Wait(Duration),
    /// Hears until so many frames of the host have come, or for so long.
    Hear(usize, Duration),
    /// Fragmentation needed, or packet too big, about the host's latest segment with octets.
    TooBig(u16),
    /// From here on the host's interface takes segments as the network carries them.
    CutUp,
    /// A setting below `/proc/sys/net/ipv4`, from here on.
    Set(&'static str, &'static str),
}

/// What the host is at the beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// It listens.
    Server,
    /// It connects with the first step.
    Client,
    /// It connects with this many octets in the first call (TCP Fast Open).
    FastOpen(usize),
    /// Nobody is at the port.
    Nobody,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Conversation {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) ipv6: bool,
    /// What the peer agrees to.
    pub(crate) sack: bool,
    pub(crate) timestamps: bool,
    /// It offers to scale windows, by which its own are not changed.
    pub(crate) scale: bool,
    pub(crate) mss: u16,
    pub(crate) steps: Vec<Step>,
}

impl Segment {
    fn new(flags: &'static str) -> Self {
        let ack = flags.contains('.').then_some(Number::Next(0));
        let (seq, sack, options) = (Number::Next(0), Vec::new(), Vec::new());
        Self { flags, seq, ack, len: 0, window: None, sack, options, counts: true }
    }

    pub(crate) fn seq(self, seq: Number) -> Self {
        Self { seq, counts: false, ..self }
    }

    pub(crate) fn ack(self, ack: Number) -> Self {
        Self { ack: Some(ack), ..self }
    }

    pub(crate) fn len(self, len: u16) -> Self {
        Self { len, ..self }
    }

    pub(crate) fn window(self, window: u16) -> Self {
        Self { window: Some(window), ..self }
    }

    pub(crate) fn sack(self, blocks: &[(i64, i64)]) -> Self {
        Self { sack: blocks.to_vec(), ..self }
    }

    pub(crate) fn options(self, options: &[u8]) -> Self {
        Self { options: options.to_vec(), ..self }
    }

    /// Its sender does not count it.
    pub(crate) fn stray(self) -> Self {
        Self { counts: false, ..self }
    }
}

/// A segment with the peer's next number, which acknowledges all that the host has sent if it has the ACK bit.
pub(crate) fn segment(flags: &'static str) -> Segment {
    Segment::new(flags)
}

pub(crate) fn say(segment: Segment) -> Step {
    Step::Say(segment)
}

pub(crate) fn call(call: Call) -> Step {
    Step::Do(call)
}

pub(crate) fn set(name: &'static str, value: &'static str) -> Step {
    Step::Set(name, value)
}

pub(crate) fn wait(milliseconds: u64) -> Step {
    Step::Wait(Duration::from_millis(milliseconds))
}

pub(crate) fn hear(frames: usize, milliseconds: u64) -> Step {
    Step::Hear(frames, Duration::from_millis(milliseconds))
}

impl Conversation {
    pub(crate) fn new(name: impl Into<String>, role: Role, steps: Vec<Step>) -> Self {
        let name = name.into();
        Self { name, role, ipv6: false, sack: true, timestamps: false, scale: false, mss: MSS, steps }
    }

    /// What is read of it begins behind the handshake.
    pub(crate) fn midstream(self) -> Self {
        Self { name: format!("{}, midstream", self.name), ..self }
    }

    /// How long it may take.
    pub(crate) fn patience(&self) -> Duration {
        let waits = self.steps.iter().filter_map(|step| match step {
            Step::Wait(time) | Step::Hear(_, time) => Some(*time),
            _ => None,
        });
        waits.sum()
    }

    pub(crate) fn with_sack(self, sack: bool) -> Self {
        Self { sack, ..self }
    }

    pub(crate) fn with_scale(self, scale: bool) -> Self {
        Self { scale, ..self }
    }

    pub(crate) fn with_mss(self, mss: u16) -> Self {
        Self { mss, ..self }
    }

    pub(crate) fn with_timestamps(self, timestamps: bool) -> Self {
        Self { timestamps, ..self }
    }

    pub(crate) fn over_ipv6(self, ipv6: bool) -> Self {
        let name = if ipv6 { format!("{}, IPv6", self.name) } else { self.name };
        Self { name, ipv6, ..self }
    }
}
