use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use super::*;

const NARROW: Bottleneck = Bottleneck { rate: 8_000_000, burst: 4_096, queue: 48_000 };

/// A network, or said aloud why there is none; with `TCPSCOPE_LIVE=required` that is a failure.
fn network(test: &str, ipv6: bool) -> Option<Network> {
    match Network::new(NARROW, ipv6) {
        Ok(network) => Some(network),
        Err(error) => {
            assert_ne!(std::env::var("TCPSCOPE_LIVE").as_deref(), Ok("required"), "{test}: {error}");
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {error}");
            None
        }
    }
}

#[test]
fn what_the_sender_writes_comes_to_the_receiver_through_the_router() {
    for ipv6 in [false, true] {
        let name = "what_the_sender_writes_comes_to_the_receiver_through_the_router";
        let Some(network) = network(name, ipv6) else { return };
        let address = network.receiver_address();
        assert_eq!(address.is_ipv6(), ipv6);
        let listener = network.receiver().run(move || TcpListener::bind((address, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        // From outside, the address cannot be reached.
        assert!(TcpStream::connect_timeout(&address, std::time::Duration::from_millis(200)).is_err());
        let mut sent = network.sender().run(move || TcpStream::connect(address)).unwrap();
        sent.write_all(b"through the router").unwrap();
        drop(sent);
        let mut got = String::new();
        listener.accept().unwrap().0.read_to_string(&mut got).unwrap();
        assert_eq!(got, "through the router");
        assert_eq!(network.dropped(), Some(0));
    }
}

#[test]
fn the_router_drops_what_finds_no_room() {
    let Some(network) = network("the_router_drops_what_finds_no_room", false) else { return };
    let address = network.receiver_address();
    network.drop_everything().unwrap();
    let refused = network
        .sender()
        .run(move || TcpStream::connect_timeout(&(address, 9).into(), std::time::Duration::from_millis(100)));
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    assert!(network.dropped() > Some(0));
    network.forward_again().unwrap();
    let refused = network.sender().run(move || TcpStream::connect((address, 9)));
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn what_panics_inside_panics_outside_and_the_namespace_goes_on() {
    let Some(network) = network("what_panics_inside_panics_outside", false) else { return };
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        network.sender().run(|| assert_eq!(1, 2, "on purpose"));
    }));
    assert!(panicked.is_err());
    assert_eq!(network.sender().run(|| 3), 3);
}

#[test]
fn congestion_control_that_is_not_loaded_yet_is_there_if_a_socket_can_have_it() {
    let loaded = ["reno".to_owned()];
    assert!(is_known(&loaded, "reno", || unreachable!("it is loaded")));
    assert!(is_known(&loaded, "bbr", || Ok(())));
    // A module that is restricted, and one that there is not.
    assert!(is_known(&loaded, "bbr", || Err(io::Error::from_raw_os_error(libc::EPERM))));
    assert!(!is_known(&loaded, "bbr", || Err(io::Error::from_raw_os_error(libc::ENOENT))));
    assert!(has_congestion_control("reno") && !has_congestion_control("no-such"));
}
