//! Modes: what a server does with what it reads, and what each shows of TCP.

use std::num::NonZeroUsize;

/// The behaviour of a server and its client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[expect(missing_docs, reason = "`does` says what each is")]
pub enum Mode {
    #[default]
    Echo,
    Ok,
    Prefix,
    Upper,
    Framed,
    Sticky,
    Udp,
    Http,
}

/// What `prefix` writes before an answer.
pub(super) const PREFIX: &[u8] = b"your message is ";

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 8] =
        [Self::Echo, Self::Ok, Self::Prefix, Self::Upper, Self::Framed, Self::Sticky, Self::Udp, Self::Http];

    /// The mode's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Ok => "ok",
            Self::Prefix => "prefix",
            Self::Upper => "upper",
            Self::Framed => "framed",
            Self::Sticky => "sticky",
            Self::Udp => "udp",
            Self::Http => "http",
        }
    }

    /// What the server does, in a few words; with `answer`, what it does where it is to answer
    /// ([`Options::answer`](super::server::Options::answer)).
    pub fn does(self, answer: bool) -> &'static str {
        match self {
            Self::Echo => "sends back what it reads",
            Self::Ok => "answers ok to each read, which is not each message",
            Self::Prefix => "answers \"your message is …\" to each read",
            Self::Upper => "answers in upper case",
            Self::Framed if answer => {
                "reads messages with their length in front, so that each stays whole, and sends each back"
            }
            Self::Framed => "reads messages with their length in front, so that each stays whole",
            Self::Sticky => "only reads, and sees messages glued together and split",
            Self::Udp => "sends back datagrams: each stays whole, and there is no connection",
            Self::Http => "answers GET with a small page",
        }
    }

    /// The message that a client sends by default, and how often. `None`: the lines that are typed.
    pub fn habit(self) -> Option<(&'static str, u64)> {
        match self {
            Self::Sticky | Self::Framed => Some(("Hello!", 20)),
            Self::Http => Some(("/", 1)),
            Self::Echo | Self::Ok | Self::Prefix | Self::Upper | Self::Udp => None,
        }
    }

    /// The default size of a read's buffer in octets. The buffer is small, so that the effect of single reads shows.
    pub fn buffer(self) -> NonZeroUsize {
        match self {
            Self::Http => const { NonZeroUsize::new(4096).unwrap() },
            _ => const { NonZeroUsize::new(128).unwrap() },
        }
    }

    /// A client waits for each answer before it sends the next message. Without turns it writes back to back.
    pub fn takes_turns(self) -> bool {
        !matches!(self, Self::Sticky | Self::Framed)
    }
}
