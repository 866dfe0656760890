//! What the library said of the host, held against what the kernel said.

use tcpscope::track::finding::{Certainty, Finding, RetransmissionCause};
use tcpscope::track::label::{Label, Mark};

use crate::frame;
use crate::kernel_says::{Flow, cause, fits};
use crate::read::Told;
use crate::record::{Moment, Record};
use crate::script::{Conversation, Step};

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum What {
    State,
    /// Why octets, a SYN or a FIN were sent again.
    Cause,
    /// Why a RST was sent.
    Reset,
    /// A challenge ACK, a keep-alive, a probe of a closed window.
    Label,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Answer {
    Right,
    /// Nothing was claimed.
    Silent,
    Wrong,
}

#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) what: What,
    pub(crate) answer: Answer,
    pub(crate) conversation: String,
    pub(crate) frame: usize,
    pub(crate) flags: String,
    pub(crate) kernel: String,
    pub(crate) ours: String,
    pub(crate) certain: bool,
    /// The counts that moved.
    pub(crate) moved: String,
}

/// Everything that can be compared in a conversation.
pub(crate) fn judge(said: &Conversation, record: &Record, told: &[Option<Told>]) -> Vec<Judged> {
    let mut judge =
        Judge { said, record, told, flow: Flow::default(), moved: String::new(), judged: Vec::new() };
    let mut from = 0;
    for moment in &record.moments {
        judge.moment(moment, from);
        from = moment.frames;
    }
    judge.judged
}

struct Judge<'j> {
    said: &'j Conversation,
    record: &'j Record,
    told: &'j [Option<Told>],
    flow: Flow,
    moved: String,
    judged: Vec<Judged>,
}

impl Judge<'_> {
    fn add(&mut self, what: What, answer: Answer, frame: usize, kernel: &str, ours: &str, certain: bool) {
        let flags = self.told[frame].as_ref().map_or_else(String::new, |told| {
            let end = if told.from_host { "host" } else { "peer" };
            format!("{end} {}", told.flags)
        });
        self.judged.push(Judged {
            what,
            answer,
            conversation: self.said.name.clone(),
            frame: frame + 1,
            flags,
            kernel: kernel.to_owned(),
            ours: ours.to_owned(),
            certain,
            moved: self.moved.clone(),
        });
    }

    fn moment(&mut self, moment: &Moment, from: usize) {
        let told = self.told;
        self.moved = format!("{:?}", moment.moved);
        let mut first = true;
        let moved = |name: &str| moment.moved.get(name).copied().unwrap_or(0);
        // Answers to an ACK are counted, too, and have no label.
        let called_for = (from..moment.frames).any(|at| {
            let frame = &self.record.frames[at];
            let seen = frame::seen(&frame.octets).filter(|_| !frame.from_host);
            seen.is_some_and(|seen| seen.tcp.syn || seen.tcp.rst)
        });
        let challenged = called_for && moved("TCPChallengeACK") > 0;
        self.flow.reneged |= moved("TCPSACKReneging") > 0;
        let kept = moved("TCPKeepAlive") + moved("TCPWinProbe") > 0;
        for at in from..moment.frames {
            let recorded = &self.record.frames[at];
            let (Some(seen), Some(told)) = (frame::seen(&recorded.octets), told[at].as_ref()) else {
                let idle = |step: &Step| match step {
                    Step::TooBig(mtu) => *mtu > self.said.mss,
                    Step::Set(name, _) => *name == "ip_no_pmtu_disc",
                    _ => false,
                };
                self.flow.too_big = !self.said.steps.iter().any(idle);
                continue;
            };
            if !recorded.from_host {
                self.flow.answered(&seen);
                continue;
            }
            let again = self.flow.sent(&seen);
            self.cause(moment, at, &seen, told, (again, first));
            first &= !again;
            if seen.tcp.rst {
                self.reset(moment, at, told);
            }
            let bare = seen.seq_len() == 0 && !seen.tcp.rst;
            if bare && challenged {
                let has = told.labels.contains(Label::ChallengeAck);
                let answer = if has { Answer::Right } else { Answer::Silent };
                self.add(
                    What::Label,
                    answer,
                    at,
                    "challenge-ack",
                    if has { "challenge-ack" } else { "-" },
                    false,
                );
            }
            if bare && kept && !challenged {
                let has =
                    [Mark::KeepAlive, Mark::ZeroWindowProbe].iter().any(|mark| told.marks.contains(*mark));
                let answer = if has { Answer::Right } else { Answer::Silent };
                self.add(What::Label, answer, at, "keep-alive or probe", if has { "so" } else { "-" }, false);
            }
        }
        if let Some(at) = (from..moment.frames).last()
            && let Some(last) = told[at].as_ref()
        {
            let ours = last.state.name();
            let none = ["CLOSED", "LISTEN"];
            let same = ours == moment.state || none.contains(&ours) && none.contains(&moment.state);
            let answer = if same { Answer::Right } else { Answer::Wrong };
            self.add(What::State, answer, at, moment.state, ours, false);
        }
    }

    fn cause(
        &mut self,
        moment: &Moment,
        at: usize,
        seen: &frame::Seen,
        told: &Told,
        (again, first): (bool, bool),
    ) {
        let mut nth = None;
        let claimed = told.findings.iter().find_map(|finding| match finding {
            Finding::Retransmission { cause, certainty, .. } => {
                if let RetransmissionCause::Timeout { attempt } = cause {
                    nth = Some(*attempt);
                }
                Some((cause.cause().name(), *certainty))
            }
            Finding::LateOrLost { .. } => Some(("late_or_lost", Certainty::Undecidable)),
            Finding::Reordering { .. } => Some(("reordering", Certainty::Certain)),
            Finding::NetworkDuplicate { .. } => Some(("network_duplicate", Certainty::Certain)),
            Finding::CaptureDuplicate { .. } => Some(("capture_duplicate", Certainty::Certain)),
            _ => None,
        });
        let (ours, certainty) = claimed.unwrap_or(("-", Certainty::Undecidable));
        let certain = certainty == Certainty::Certain;
        if !again {
            if claimed.is_some() {
                self.add(What::Cause, Answer::Wrong, at, "nothing was sent again", ours, certain);
            }
            return;
        }
        let Some(kernel) = cause(moment, seen, first, &self.flow) else { return };
        if std::mem::take(&mut self.flow.reneged) {
            return;
        }
        let fin_alone = seen.len == 0 && seen.tcp.fin;
        if kernel == "timeout" {
            self.flow.timeouts += 1;
            if let Some(nth) = nth.filter(|nth| *nth != self.flow.timeouts) {
                let (kernel, ours) = (format!("timeout {}", self.flow.timeouts), format!("timeout {nth}"));
                self.add(What::Cause, Answer::Wrong, at, &kernel, &ours, certain);
                return;
            }
        }
        let right = fits(kernel, ours, fin_alone) || ours == "spurious" && self.flow.has_arrived(seen);
        let answer = match ours {
            _ if right => Answer::Right,
            "-" | "unknown" => Answer::Silent,
            _ => Answer::Wrong,
        };
        self.add(What::Cause, answer, at, kernel, ours, certain);
    }

    fn reset(&mut self, moment: &Moment, at: usize, told: &Told) {
        let claimed = told.findings.iter().find_map(|finding| match finding {
            Finding::Reset { cause, certainty, .. } => Some((cause.cause().name(), *certainty)),
            _ => None,
        });
        // A second RST, or one that answers what came after the end, needs no cause.
        if claimed.is_none() && told.labels.contains(Label::AfterEnd) {
            return;
        }
        let (ours, certainty) = claimed.unwrap_or(("-", Certainty::Undecidable));
        let moved = |name: &str| moment.moved.contains_key(name);
        let (kernel, fitting): (_, &[&str]) = if moved("TCPAbortOnClose") {
            ("unread data (TCPAbortOnClose)", &["unread_data"])
        } else if moved("TCPAbortOnTimeout") {
            ("timeout (TCPAbortOnTimeout)", &["gave_up", "idle"])
        } else if moved("TCPAbortOnLinger") {
            ("no linger (TCPAbortOnLinger)", &["aborted", "after_fin"])
        } else if moved("TCPAbortOnData") {
            ("data after close, or SO_LINGER 0 (TCPAbortOnData)", &["after_fin", "aborted"])
        } else {
            ("no socket", &["refused", "half_open", "attempt_abandoned", "after_fin"])
        };
        let answer = match ours {
            _ if fitting.contains(&ours) => Answer::Right,
            "-" | "aborted" => Answer::Silent,
            _ => Answer::Wrong,
        };
        self.add(What::Reset, answer, at, kernel, ours, certainty == Certainty::Certain);
    }
}
