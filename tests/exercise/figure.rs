//! Figure 5 of RFC 9293, moved by the lines of a conversation.

use super::listing::Shown;

/// How the reason for a state begins.
pub(crate) fn reason(state: &str) -> &'static str {
    match state {
        "CLOSED" => "there is no connection",
        "LISTEN" => "it waits for a SYN",
        "SYN-SENT" => "it sent a SYN and has not seen",
        "SYN-RECEIVED" => "it has the other's SYN, and no acknowledgement",
        "ESTABLISHED" => "both SYNs were sent, its own is acknowledged, and no FIN",
        "FIN-WAIT-1" => "it sent its FIN, which is not acknowledged",
        "FIN-WAIT-2" => "its FIN is acknowledged, and the other's has not",
        "CLOSE-WAIT" => "the other's FIN has come, and it has not sent",
        "CLOSING" => "both FINs crossed",
        "LAST-ACK" => "it sent its FIN after the other's came",
        "TIME-WAIT" => "its FIN, sent before the other's came, is acknowledged, and the other's has",
        other => panic!("{other}"),
    }
}

/// One end as figure 5 of RFC 9293 moves it.
#[derive(Clone, Debug)]
struct End {
    state: &'static str,
    /// The number behind its FIN.
    fin: Option<u32>,
}

impl End {
    fn sends(&mut self, line: &Shown, peer_fin: Option<u32>) {
        if line.is("RST") {
            self.state = "CLOSED";
        } else if line.is("SYN") && self.state == "CLOSED" {
            self.state = "SYN-SENT";
        } else if line.is("FIN") && self.fin.is_none() {
            self.fin = Some(line.end());
            // A FIN that does not acknowledge the other's was sent before that one arrived.
            self.state = match (self.state, line.ack == peer_fin) {
                ("CLOSE-WAIT", true) => "LAST-ACK",
                ("CLOSE-WAIT", false) => "CLOSING",
                _ => "FIN-WAIT-1",
            };
        }
    }

    fn receives(&mut self, line: &Shown) {
        if line.is("RST") {
            self.state = "CLOSED";
            return;
        }
        let acked = self.fin.is_some() && line.ack == self.fin;
        self.state = match self.state {
            "LISTEN" if line.is("SYN") => "SYN-RECEIVED",
            "SYN-SENT" if line.is("SYN") && line.is("ACK") => "ESTABLISHED",
            "SYN-RECEIVED" if line.is("ACK") => "ESTABLISHED",
            "FIN-WAIT-1" if acked && line.is("FIN") => "TIME-WAIT",
            "FIN-WAIT-1" if acked => "FIN-WAIT-2",
            "CLOSING" if acked => "TIME-WAIT",
            "LAST-ACK" if acked => "CLOSED",
            other => other,
        };
        if line.is("FIN") {
            self.state = match self.state {
                "ESTABLISHED" => "CLOSE-WAIT",
                "FIN-WAIT-1" => "CLOSING",
                "FIN-WAIT-2" => "TIME-WAIT",
                other => other,
            };
        }
    }
}

pub(crate) fn states(lines: &[Shown]) -> [&'static str; 2] {
    let mut ends = [End { state: "CLOSED", fin: None }, End { state: "LISTEN", fin: None }];
    for line in lines {
        let (own, peer) = if line.client { (0, 1) } else { (1, 0) };
        let peer_fin = ends[peer].fin;
        ends[own].sends(line, peer_fin);
        ends[peer].receives(line);
    }
    ends.map(|end| end.state)
}
