//! A table of wrappings: each is a test of its own, and all of them are what the laws range over.

use super::packets::{Packet, decode, unwrapped};
use crate::wire::frame::LinkType;

/// A way to carry a packet.
#[derive(Debug)]
pub(super) struct Wrapping {
    pub(super) name: &'static str,
    pub(super) link: LinkType,
    pub(super) path: &'static str,
    pub(super) wrap: fn(&Packet) -> Vec<u8>,
}

/// Makes a test of each wrapping, named by a sentence, and a list of them all.
macro_rules! wrappings {
    ($($name:ident: $link:ident, $path:literal, |$packet:ident| $wrap:expr;)*) => {
        pub(super) const ALL: &[crate::wire::decode::tests::wrap::Wrapping] = &[
            $(crate::wire::decode::tests::wrap::Wrapping {
                name: stringify!($name),
                link: crate::wire::frame::LinkType::$link,
                path: $path,
                wrap: |$packet| $wrap,
            },)*
        ];

        $(#[test]
        fn $name() {
            let wrapping = ALL.iter().find(|wrapping| wrapping.name == stringify!($name)).unwrap();
            wrapping.check(&crate::wire::decode::tests::packets::Packet::v4(1000, b"hello"));
            wrapping.check(&crate::wire::decode::tests::packets::Packet::v6(1000, b"hello"));
        })*
    };
}
pub(super) use wrappings;

impl Wrapping {
    /// The packet says the same in this wrapping as without, and the path is known.
    pub(super) fn check(&self, packet: &Packet) {
        let mut expected = unwrapped(packet);
        expected.path = self.path.to_owned();
        assert_eq!(decode(self.link, &(self.wrap)(packet)), Ok(expected), "{}", self.name);
    }
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Wrapping> {
    super::links::ALL.iter().chain(super::tunnels::ALL)
}
