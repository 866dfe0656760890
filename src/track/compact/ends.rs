//! The two ends of a connection, as small as they can be kept.

use std::net::{IpAddr, SocketAddrV4};

use super::prefetch::Prefetcher;
use crate::track::compact::flow_key::FlowKey;
use crate::track::vocabulary::flow::{Endpoints, Roles};
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// [`Endpoints`] in 16 octets, if they are what most are.
#[derive(Debug)]
pub(in crate::track) enum Ends {
    /// Two of IPv4 with nothing special between them.
    Plain { client: SocketAddrV4, server: SocketAddrV4, roles: Roles },
    /// Any others.
    Rare(Box<Rare>),
}

/// The parts of the ends that do not fit into the packed form.
#[derive(Debug)]
pub(in crate::track) struct Rare {
    endpoints: Endpoints,
    /// Another path of the same connection, for a way back that is tagged differently.
    second_path: Option<Path>,
}

impl Ends {
    /// Prefetches those that are kept apart.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        if let Self::Rare(rare) = self {
            prefetcher.field(&rare.endpoints.client.port);
            prefetcher.field(&rare.second_path);
        }
    }

    /// The client's and the server's endpoints.
    pub(in crate::track) fn endpoints(&self) -> Endpoints {
        match self {
            Self::Plain { client, server, roles } => {
                let (client, server) = (endpoint(client), endpoint(server));
                Endpoints { client, server, path: Path::NONE, roles: *roles }
            }
            Self::Rare(rare) => rare.endpoints,
        }
    }

    /// How it is known who is the client.
    pub(in crate::track) fn roles(&self) -> Roles {
        match self {
            Self::Plain { roles, .. } => *roles,
            Self::Rare(rare) => rare.endpoints.roles,
        }
    }

    /// Whether both ends are one endpoint that is connected to itself.
    #[inline]
    pub(in crate::track) fn are_one(&self) -> bool {
        match self {
            Self::Plain { client, server, .. } => client == server,
            Self::Rare(rare) => rare.endpoints.client == rare.endpoints.server,
        }
    }

    /// Whether the connection between these ends is found under `key`.
    #[inline(always)]
    pub(in crate::track) fn have_key(&self, client_is_low: bool, key: FlowKey<'_>) -> bool {
        match self {
            Self::Plain { client, server, .. } => {
                let (low, high) = if client_is_low { (client, server) } else { (server, client) };
                FlowKey::plain(low, high) == key
            }
            Self::Rare(rare) => {
                let on = |path| rare.endpoints.key_on(path, client_is_low) == key;
                on(&rare.endpoints.path) || rare.second_path.as_ref().is_some_and(on)
            }
        }
    }

    /// The other path of their connection, if there is one.
    pub(in crate::track) fn second_path(&self) -> Option<&Path> {
        match self {
            Self::Plain { .. } => None,
            Self::Rare(rare) => rare.second_path.as_ref(),
        }
    }

    /// There is another path.
    pub(in crate::track) fn add_path(&mut self, path: Path) {
        *self = Self::Rare(Box::new(Rare { endpoints: self.endpoints(), second_path: Some(path) }));
    }
}

impl From<Endpoints> for Ends {
    fn from(endpoints: Endpoints) -> Self {
        let Endpoints { client, server, path, roles } = endpoints;
        match (client.addr, server.addr) {
            (IpAddr::V4(one), IpAddr::V4(other)) if path.is_none() => Self::Plain {
                client: SocketAddrV4::new(one, client.port),
                server: SocketAddrV4::new(other, server.port),
                roles,
            },
            _ => Self::Rare(Box::new(Rare { endpoints, second_path: None })),
        }
    }
}

fn endpoint(end: &SocketAddrV4) -> Endpoint {
    Endpoint { addr: IpAddr::V4(*end.ip()), port: end.port() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whoever_the_ends_are_they_come_back_and_are_found_under_their_paths(
            (client, server) in any::<((IpAddr, u16), (IpAddr, u16))>(),
            (vlan, second) in (prop::option::of(1..4095_u16), prop::option::of(1..4095_u16)),
            client_is_low in any::<bool>(),
        ) {
            let endpoint = |(addr, port)| Endpoint { addr, port };
            let path = |vlan: Option<u16>| Path { vlans: [vlan.unwrap_or(0), 0], ..Path::NONE };
            let (client, server) = (endpoint(client), endpoint(server));
            let endpoints = Endpoints { client, server, path: path(vlan), roles: Roles::FromSynAck };
            let mut ends = Ends::from(endpoints);
            if let Some(second) = second {
                ends.add_path(path(Some(second)));
            }
            prop_assert_eq!(ends.endpoints(), endpoints);
            prop_assert_eq!(ends.roles(), endpoints.roles);
            prop_assert_eq!(ends.are_one(), client == server);
            for other in [None, Some(1), vlan, second] {
                let key = Endpoints { path: path(other), ..endpoints };
                let has = other == vlan || other.is_some() && other == second;
                prop_assert_eq!(ends.have_key(client_is_low, key.key(client_is_low)), has);
                let turned = key.key(!client_is_low);
                prop_assert_eq!(ends.have_key(client_is_low, turned), has && client == server);
            }
        }
    }
}
