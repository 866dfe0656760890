//! Facts about a segment: our labels, and the flags that Wireshark would set.

/// A set of facts the rules state about one segment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Labels(u32);

/// A set of the flags that Wireshark would set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Analysis(u32);

macro_rules! set_of {
    ($set:ident, $bits:ty, $member:ident, $(#[$meta:meta])* { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum $member { $($(#[$doc])* $variant,)* }

        impl $member {
            /// Every member, in the order in which output lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in output and in the machine format.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl $set {
            /// The set of none.
            pub const NONE: Self = Self(0);

            /// The set of this one.
            pub const fn only(member: $member) -> Self {
                Self(1 << member as $bits)
            }

            /// Adds one.
            pub fn insert(&mut self, member: $member) {
                self.0 |= 1 << member as $bits;
            }

            /// Takes one out.
            pub fn remove(&mut self, member: $member) {
                self.0 &= !(1 << member as $bits);
            }

            /// Whether `member` is in the set.
            pub const fn contains(self, member: $member) -> bool {
                self.0 & (1 << member as $bits) != 0
            }

            /// Whether the set is empty.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The members of the set, in order.
            pub fn iter(self) -> impl Iterator<Item = $member> {
                let mut left = self.0;
                std::iter::from_fn(move || {
                    let first = left.trailing_zeros();
                    left &= left.wrapping_sub(1);
                    $member::ALL.get(first as usize).copied()
                })
            }
        }

        impl FromIterator<$member> for $set {
            fn from_iter<I: IntoIterator<Item = $member>>(members: I) -> Self {
                let mut set = Self::NONE;
                for member in members {
                    set.insert(member);
                }
                set
            }
        }
    };
}

set_of!(Labels, u32, Label,
    /// A fact the rules state about a segment.
    {
        /// The client asks to open: SYN without ACK.
        Syn = "syn",
        /// The other end agrees: SYN with ACK.
        SynAck = "syn-ack",
        /// The third step of the handshake: acknowledges the server's SYN for the first time.
        HandshakeAck = "handshake-ack",
        /// Both ends sent a SYN before either saw the other's (RFC 9293, figure 7).
        SimultaneousOpen = "simultaneous-open",
        /// A SYN that repeats an earlier one.
        SynRetransmission = "syn-retransmission",
        /// A SYN,ACK that repeats an earlier one.
        SynAckRetransmission = "syn-ack-retransmission",
        /// Payload travels with the SYN (RFC 7413).
        DataOnSyn = "data-on-syn",
        /// A SYN with a new sequence number inside a connection that is open, or that the other end still holds after the
        /// close: the sender lost its state, or the SYN is stray. It opens nothing unless the peer agrees (RFC 9293, section 3.5.1; RFC 5961, section 4).
        StraySyn = "stray-syn",
        /// The answer to a SYN or an unacceptable RST: "this is where I am" (RFC 5961, sections 3 to 5).
        ChallengeAck = "challenge-ack",
        /// A SYN that begins a new connection on the ports of an earlier one, which had ended.
        PortReuse = "port-reuse",
        /// Acknowledges what was never sent, or what was acknowledged more than a window ago: the receiver
        /// drops it, whatever it holds (RFC 9293, sections 3.10.7.3 and 3.10.7.4; RFC 5961, section 5.2).
        AckUnacceptable = "ack-unacceptable",
        /// A segment with none of SYN, RST and ACK: no receiver takes it, whatever it holds (RFC 9293, section
        /// 3.10.7.4, fifth check).
        AckMissing = "ack-missing",
        /// Octets of payload that were not sent before.
        Data = "data",
        /// All octets were sent before.
        Repeated = "repeated",
        /// A segment that was captured before: TCP sent it once.
        CaptureDuplicate = "capture-duplicate",
        /// The sender's FIN: it has no more to send.
        Fin = "fin",
        /// Acknowledges the peer's FIN for the first time.
        FinAcked = "fin-acked",
        /// A FIN that repeats an earlier one.
        FinRetransmission = "fin-retransmission",
        /// Both ends sent a FIN before either saw the other's (RFC 9293, figure 13).
        SimultaneousClose = "simultaneous-close",
        /// Data to an end whose FIN the sender has acknowledged: the connection is half closed (RFC 9293,
        /// section 3.6.1).
        HalfClosedData = "half-closed-data",
        /// Payload beyond the sender's own FIN, which no sender should send.
        DataAfterFin = "data-after-fin",
        /// A RST that the receiver believes: it ends the connection (RFC 9293, section 3.5.3).
        Reset = "reset",
        /// A RST that answers a SYN: no socket listens on the port.
        Refused = "refused",
        /// A RST in the window but not at its left edge: the receiver asks back with a challenge ACK
        /// (RFC 5961, section 3.2).
        ResetInWindow = "reset-in-window",
        /// A RST outside the window: the receiver ignores it.
        ResetIgnored = "reset-ignored",
        /// A RST of which the capture does not show whether it lies in the window, as the window or its scale is not
        /// known: what follows decides.
        ResetUndecided = "reset-undecided",
        /// Lies far outside the receiver's window: the receiver drops it, whatever it holds (RFC 9293,
        /// section 3.10.7.4, first check).
        OutOfWindow = "out-of-window",
        /// SACK blocks so far from what the other end sent that they report nothing of it (RFC 2018, section 3; RFC 2883,
        /// section 4).
        SackOutside = "sack-outside",
        /// A segment after the connection had ended.
        AfterEnd = "after-end",
        /// The first segment of a connection whose opening was not captured.
        Midstream = "midstream",
        /// The checksum is wrong, and this end's others are right: the receiver drops it, whatever it holds (RFC 9293,
        /// section 3.1).
        WrongChecksum = "wrong-checksum",
    }
);

set_of!(Analysis, u32, Mark,
    /// A mark that Wireshark would set on a segment: its `tcp.analysis.*` name without the prefix.
    {
        /// `tcp.analysis.retransmission`
        Retransmission = "retransmission",
        /// `tcp.analysis.fast_retransmission`
        FastRetransmission = "fast_retransmission",
        /// `tcp.analysis.spurious_retransmission`
        SpuriousRetransmission = "spurious_retransmission",
        /// `tcp.analysis.out_of_order`
        OutOfOrder = "out_of_order",
        /// `tcp.analysis.lost_segment`
        LostSegment = "lost_segment",
        /// `tcp.analysis.ack_lost_segment`
        AckLostSegment = "ack_lost_segment",
        /// `tcp.analysis.duplicate_ack`
        DuplicateAck = "duplicate_ack",
        /// `tcp.analysis.keep_alive`
        KeepAlive = "keep_alive",
        /// `tcp.analysis.keep_alive_ack`
        KeepAliveAck = "keep_alive_ack",
        /// `tcp.analysis.window_update`
        WindowUpdate = "window_update",
        /// `tcp.analysis.window_full`
        WindowFull = "window_full",
        /// `tcp.analysis.zero_window`
        ZeroWindow = "zero_window",
        /// `tcp.analysis.zero_window_probe`
        ZeroWindowProbe = "zero_window_probe",
        /// `tcp.analysis.zero_window_probe_ack`
        ZeroWindowProbeAck = "zero_window_probe_ack",
        /// `tcp.analysis.reused_ports`
        ReusedPorts = "reused_ports",
        /// `tcp.analysis.tfo_syn`
        TfoSyn = "tfo_syn",
        /// `tcp.analysis.tfo_ack`
        TfoAck = "tfo_ack",
        /// `tcp.analysis.tfo_ignored`
        TfoIgnored = "tfo_ignored",
        /// Our own: the same segment, captured a second time.
        CaptureDuplicate = "capture_duplicate",
    }
);
