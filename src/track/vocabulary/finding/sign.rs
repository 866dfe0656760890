//! Signs that a RST was not sent by the end that it names.

/// A set of signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signs(u16);

macro_rules! signs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A sign that a RST was not sent by the end that it names.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Sign { $($(#[$doc])* $variant,)* }

        impl Sign {
            /// Every sign, in the order in which output lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the machine format.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

signs! {
    /// Its TTL, or hop limit, differs from that of this end's other segments.
    Ttl = "ttl",
    /// Its IP identification is not one of the counter of this end.
    Identification = "identification",
    /// It bears no timestamps, though both ends agreed on them.
    NoTimestamps = "no_timestamps",
    /// It acknowledges octets sooner than they can have reached this end.
    TooSoon = "too_soon",
    /// It acknowledges less than this end had acknowledged before.
    OlderAck = "older_ack",
    /// Its TTL differs from that of an earlier RST.
    RivalTtl = "rival_ttl",
    /// Its window differs from that of an earlier RST.
    RivalWindow = "rival_window",
    /// Its sequence number differs from that of an earlier RST, though nothing was sent since.
    RivalNumber = "rival_number",
}

impl Signs {
    /// Adds one.
    pub fn insert(&mut self, sign: Sign) {
        self.0 |= 1 << sign as u16;
    }

    /// Whether the sign is in the set.
    pub const fn contains(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u16) != 0
    }

    /// The signs of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Sign> {
        Sign::ALL.iter().copied().filter(move |sign| self.contains(*sign))
    }
}

impl FromIterator<Sign> for Signs {
    fn from_iter<I: IntoIterator<Item = Sign>>(signs: I) -> Self {
        let mut set = Self::default();
        signs.into_iter().for_each(|sign| set.insert(sign));
        set
    }
}
