//! Objects that stand in several records, or in several places of one.

use crate::wire::path::Path;

use super::name;
use super::names;
use super::shape::{COUNT, Known, Shape, Type, U8, U16, U32, Unit, rows};
use super::value::{List, Value, mean_nanos, nanos};

/// An address and a port.
pub static ENDPOINT: Shape = Shape {
    name: "endpoint",
    about: "An address and a port",
    variants: &[],
    fields: &rows! { Endpoint:
        "addr": Type::Address, |end| end.addr.into(), "IPv4 or IPv6 address";
        "port": U16, |end| end.port.into(), "TCP or UDP port"
            => source("RFC 9293, section 3.1");
    },
};

/// VLANs and tunnel around a packet.
pub static PATH: Shape = Shape {
    name: "path",
    about: "VLANs and tunnel around the packet",
    variants: &[],
    fields: &rows! { Path:
        "vlans": Type::Wholes(Some(0), Some(4095), 0, 2), |path| Value::List(List::Vlans(path.vlans)),
            "VLAN numbers, outer first"
            => alias(&["vlan.id", "vlan", "inner_vlan"]);
        "tunnel": Type::Name(&names::TUNNEL), |path| path.tunnel.map(name::tunnel).into(),
            "The innermost tunnel; `null`: none"
            => or_null();
        "tunnel_id": U32, |path: &Path| path.tunnel.map(|_| path.tunnel_id).into(),
            "Tells tunnels of the same kind apart; `null` without a tunnel"
            => or_null();
    },
};

/// The fields of the IP header.
pub static IP: Shape = Shape {
    name: "ip",
    about: "What the IP header says",
    variants: &[],
    fields: &rows! { Ip:
        "ttl": U8, |ip| ip.ttl.into(), "Time to live, or hop limit of IPv6"
            => alias(&["ip.ttl", "ipv6.hlim"]) source("RFC 791, section 3.1; RFC 8200, section 3");
        "id": U16, |ip| ip.identification.into(), "Identification; `null` where IPv6 has none"
            => alias(&["ip.id"]) or_null() source("RFC 791, section 3.1");
        "ecn": Type::Whole(Some(0), Some(3)), |ip| ip.ecn.into(), "The two ECN bits"
            => alias(&["ip.dsfield.ecn", "ipv6.tclass.ecn"]) source("RFC 3168, section 5");
    },
};

/// How the octets of a segment relate to what its sender sent before.
pub static DELIVERY: Shape = Shape {
    name: "delivery",
    about: "How the octets of a segment relate to what its sender sent before; SYN and FIN count as one each",
    variants: &[],
    fields: &rows! { Delivery:
        "new": COUNT, |delivery| delivery.new.into(),
            "Octets of sequence space never sent before, as far as the capture shows"
            => unit(Unit::Octets);
        "filled": COUNT, |delivery| delivery.filled.into(), "Those of the new ones that fill a gap"
            => unit(Unit::Octets);
        "repeated": COUNT, |delivery| delivery.repeated.into(), "Octets of sequence space sent before"
            => unit(Unit::Octets);
        "gap": COUNT, |delivery| delivery.gap.into(),
            "Octets missing between what was sent before and this segment"
            => unit(Unit::Octets);
    },
};

/// The state of each end.
pub static STATES: Shape = Shape {
    name: "state",
    about: "The state of each end",
    variants: &[],
    fields: &rows! { States:
        "client": Type::Name(&names::STATE), |states| states.client.name().into(), "The client's state"
            => source("RFC 9293, section 3.3.2") batch(0);
        "server": Type::Name(&names::STATE), |states| states.server.name().into(), "The server's state"
            => source("RFC 9293, section 3.3.2") batch(0);
    },
};

/// Round trips.
pub static ROUND_TRIPS: Shape = Shape {
    name: "rtt",
    about: "Round trips",
    variants: &[],
    fields: &rows! { RoundTrips:
        "samples": COUNT, |rtt| rtt.samples.into(), "How many there were"
            => batch(3);
        "min": Type::Duration, |rtt| nanos(rtt.min), "The shortest"
            => or_null() batch(3);
        "max": Type::Duration, |rtt| nanos(rtt.max), "The longest"
            => or_null() batch(3);
        "mean": Type::Duration, |rtt| mean_nanos(rtt.mean), "Their mean"
            => or_null() batch(3);
        "deviation": Type::Duration, |rtt| mean_nanos(rtt.deviation), "Their standard deviation"
            => or_null() batch(3);
        "median": Type::Duration, |rtt| nanos(rtt.median),
            "Their median; exact for few samples, else within one part in 32"
            => or_null() batch(3);
        "p95": Type::Duration, |rtt| nanos(rtt.p95),
            "Their 95th percentile; exact for few samples, else within one part in 32"
            => or_null() batch(3);
        "smoothed": Type::Duration, |rtt| nanos(rtt.smoothed), "SRTT after the last of them"
            => or_null() source("RFC 6298, section 2") batch(3);
        "variation": Type::Duration, |rtt| nanos(rtt.variation), "RTTVAR after the last of them"
            => or_null() source("RFC 6298, section 2") batch(3);
    },
};

/// Where a connection's time went.
pub static TIME_SPENT: Shape = Shape {
    name: "time_spent",
    about: "Where a connection's time went; the parts add up to its duration",
    variants: &[],
    fields: &rows! { TimeSpent:
        "handshake": Type::Duration, |spent| Value::Nanos(spent.handshake),
            "From the SYN to the end of the handshake"
            => known(Known::End) batch(4);
        "client_thinking": Type::Duration, |spent| Value::Nanos(spent.client_thinking),
            "The client had been asked and had not answered; or nothing was owed, and it asked nothing; or, where the \
             capture was taken near it, its program paused in the middle of what it said"
            => known(Known::End) batch(4);
        "server_thinking": Type::Duration, |spent| Value::Nanos(spent.server_thinking),
            "The server had been asked and had not answered; or, where the capture was taken near it, its program \
             paused in the middle of what it said"
            => known(Known::End) batch(4);
        "transfer": Type::Duration, |spent| Value::Nanos(spent.transfer),
            "Octets or their acknowledgements were under way"
            => known(Known::End) batch(4);
        "closed_window": Type::Duration, |spent| Value::Nanos(spent.closed_window),
            "Octets could not be sent, since the receiver's window was closed"
            => known(Known::End) batch(4);
        "recovery": Type::Duration, |spent| Value::Nanos(spent.recovery),
            "Lost octets had to be repeated before it went on, or octets before those captured were missing for longer \
             than a round trip"
            => known(Known::End) batch(4);
        "teardown": Type::Duration, |spent| Value::Nanos(spent.teardown),
            "From the first FIN on, as far as no octets were under way, and from the end of the connection \
             on"
            => known(Known::End) batch(4);
        "waiting": Type::Duration, |spent| Value::Nanos(spent.waiting),
            "Octets were awaited in the middle of what an end said, from its program or from the path: the capture \
             does not show which"
            => known(Known::End) batch(7);
    },
};
