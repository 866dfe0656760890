//! Segments to connections to events. Pure: time is what the frames say.
//!
//! A stack of rooms: each imports only what stands below it (`tests/layers.rs` checks that). From the top:
//!
//! | room | what it decides | invariant |
//! |---|---|---|
//! | `table` | which connection a segment belongs to, and when one leaves | never more connections than [`Limits`](tracker::Limits) allows |
//! | `connection` | what a segment does to its connection, and what is reported of it | its size does not grow with its segments |
//! | `judgement` | what a connection came to, who caused it | sees a report and what was measured, never a segment |
//! | `rules` | what went wrong, and why: findings | a cause is found only where its conditions were tested; a rule sees the parts it is given, never a connection |
//! | `compat` | what Wireshark and Zeek would say; what the capture holds twice | knows nothing of our own reading |
//! | `measure` | how much, how long, how often | counts and times, and judges no end |
//! | `direction` | what one end has sent, and what of it is acknowledged | numbers are 64 bits from the ISN and never wrap |
//! | `compact` | how small something is kept, and when it is fetched | what is put in comes out again; decides nothing of TCP |
//! | `vocabulary` | the public types of all that is reported | knows no other room |
//!
//! `rules` and `compat` stand beside each other, and so do `measure` and `compat`.
//!
//! # Which file decides what
//!
//! | question | file |
//! |---|---|
//! | Which connection is this segment of? | `table` (`Table::find`, `adopt`); the hash in `table/flow_hash`, the key in `compact/flow_key` |
//! | Does a SYN begin a new connection on the same ports? | `connection/port_reuse` |
//! | Who is the client? | `table` (`guess_roles`) |
//! | How much is remembered? | `table/limits` |
//! | Who is idle, who makes room? | `table/expiry`; when a connection is reported early: `table/lingering` |
//! | What does a segment do to SND.UNA, SND.NXT, RCV.NXT? | `connection/receive`, on the numbers of `direction/half` |
//! | Where is the window edge? | `direction/half` (`window_edge`), moved in `connection/receive` |
//! | Is an acknowledgement, or a number, acceptable? | `direction/half` (`cannot_be_acked`, `is_far_outside`) |
//! | How far have the opening and the close of an end come? | `direction/syn`, `direction/fin` |
//! | Is it a retransmission of a SYN, a stray SYN? | `connection/opening` |
//! | Do FINs cross, who closes second? | `connection/closing` |
//! | Does a RST count? | `connection/reset`; does its end go on all the same: `connection/forged_reset` |
//! | Which RFC 9293 state is an end in? | `direction/state` |
//! | Which gaps are there in what was seen? | `direction/gaps`; who showed them: `rules/gap` |
//! | What is sent and not acknowledged, in which frame? | `direction/unacked` |
//! | What are the RTT, SRTT and RTTVAR? | `measure/rtt` |
//! | How many octets are in flight? | `measure/in_flight`; behind one segment, with the frame that it acknowledges: `measure/measured` |
//! | What held a sender back, what is its congestion window? | `measure/congestion`, its rounds, recoveries and phases beside it |
//! | Where did the time go? | `measure/time_spent`; who spoke when: `measure/time_spent/speech` |
//! | Which answers took time, what was held back, who writes slowly? | `measure/dialogue` |
//! | Is an answer owed, is a program slow? | `judgement/answers`, `judgement/writing` |
//! | How many segments and octets of which kind? | `measure/counts`, and `measure/rare_counts` for what seldom occurs |
//! | Where was the capture taken? | `measure/vantage` |
//! | Who says that a retransmission was fast, a timeout, a probe? | `rules/cause`; when timers run out: `rules/timer` |
//! | Was it too large for the path? | `rules/path_mtu` |
//! | Late, or lost and sent again? | `rules/gap`; copied by the network: `rules/loss` |
//! | Was a retransmission needless? | `rules/proof` |
//! | Is the window closed, or full? | `rules/window`; taken back, or overrun: `rules/window_edge` |
//! | Does the receiver drop what it had acknowledged selectively? | `rules/reneging` |
//! | Why was a RST sent? | `rules/reset`; by somebody else: `rules/forgery` |
//! | Was a SYN answered twice? | `rules/second_answer`; which of the two counts: `connection/opening` |
//! | Is a timestamp too old to be taken? | `rules/timestamp` |
//! | What can be said only when it is over? | `rules/last` |
//! | What did the capture do? | `rules/capture`, `compat/duplicate`; captured in other pieces: `connection/recut` |
//! | Was it damaged on the way, are its octets those of before? | `rules/content`, on the checksums of `direction/checksums` |
//! | What would Wireshark mark, what is Zeek's `conn_state`? | `compat/wireshark`, `compat/zeek` |
//! | What did the connection come to, and who caused it? | `judgement`, one concern a file; which comes first: `judgement/rank` |
//! | How did it open and close, and who closed it? | `connection/report`; its measurements: `connection/measures` |
//! | What is left to do for an ordinary segment? | `connection/fast_path`, which lists the fast version of every rule |
//!
//! A segment goes from `table/tracker` through `table` to `Connection::observe`, and from there through `connection/receive`,
//! `connection/record` (measurements, rules) and back as an [`Event`](event::Event).

mod compact;
mod compat;
mod connection;
mod direction;
mod judgement;
mod measure;
mod rules;
mod table;
mod vocabulary;

pub use table::tracker;
pub use vocabulary::{
    congestion, diagnosis, event, finding, flow, label, measured, measures, neighbour, observer, report,
    snapshot, state, totals, verdict,
};
