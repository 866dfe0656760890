//! Two network namespaces, a sender's and a receiver's, with a router between them that has little room.
//!
//! The router stands apart, because a queue that drops stands before the place where a capture listens: at a sender
//! that dropped its own segments, neither they nor their retransmissions would be captured, and the kernel would have
//! counted them.

use std::process::{Command, id};

/// Removed when dropped.
pub(crate) struct Line {
    pub(crate) sender: String,
    pub(crate) router: String,
    pub(crate) receiver: String,
}

/// The interface at either end, and where the receiver is.
pub(crate) const INTERFACE: &str = "eth0";
pub(crate) const RECEIVER: &str = "10.88.2.2";

impl Line {
    /// Builds it: `rate` is what the router forwards, `limit` how many octets wait there. The error says what this
    /// system does not allow.
    pub(crate) fn new(rate: &str, limit: &str) -> Result<Self, String> {
        let name = |part| format!("tcpscope-{}-{part}", id());
        let line = Self { sender: name("a"), router: name("r"), receiver: name("b") };
        let (a, r, b) = (&line.sender, &line.router, &line.receiver);
        for namespace in [a, r, b] {
            run(&format!("ip netns add {namespace}"))?;
        }
        for (end, net, addresses) in [(a, 1, ["10.88.1.2", "10.88.1.1"]), (b, 2, ["10.88.2.2", "10.88.2.1"])]
        {
            let [here, there] = addresses;
            run(&format!("ip link add {INTERFACE} netns {end} type veth peer name eth{net} netns {r}"))?;
            // Segments as the network sees them, not as the card would cut them up.
            run(&format!("ip -n {end} link set {INTERFACE} gso_max_segs 1"))?;
            run(&format!("ip -n {end} address add {here}/24 dev {INTERFACE}"))?;
            run(&format!("ip -n {end} link set {INTERFACE} up"))?;
            run(&format!("ip -n {r} address add {there}/24 dev eth{net}"))?;
            run(&format!("ip -n {r} link set eth{net} up"))?;
            run(&format!("ip -n {end} route add default via {there}"))?;
        }
        let forward = "echo 1 > /proc/sys/net/ipv4/ip_forward";
        output(Command::new("ip").args(["netns", "exec", r, "sh", "-c", forward]))?;
        run(&format!("tc -n {r} qdisc add dev eth2 root tbf rate {rate} burst 8kb limit {limit}"))?;
        Ok(line)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        for namespace in [&self.sender, &self.router, &self.receiver] {
            let _ = run(&format!("ip netns del {namespace}"));
        }
    }
}

/// `program` in a namespace.
pub(crate) fn within(namespace: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).arg(program);
    command
}

fn run(words: &str) -> Result<(), String> {
    let mut words = words.split(' ');
    output(Command::new(words.next().unwrap_or_default()).args(words)).map(drop)
}

/// The output of a command; the error is the command's own message.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let done = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)))
    }
}
