//! A few sentences of Chinese, to see that statements hold all that another language needs.
#![allow(clippy::wildcard_enum_match_arm, reason = "a sketch has no words for most statements")]

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::explain::number::Octets;
use crate::explain::statement::{AckFact, DataFact, HandshakeFact, Offer, Previous, Statement};
use crate::explain::words::Words;
use crate::track::diagnosis::Diagnosis;
use crate::track::finding::{Finding, RetransmissionCause as Cause};
use crate::track::flow::Side;
use crate::track::verdict::Verdict;

/// Chinese, of which only a few sentences are known.
pub(super) struct Chinese;

impl Words for Chinese {
    fn between(&self) -> &'static str {
        ""
    }

    fn sentence(&self, statement: &Statement<'_>, f: &mut Formatter<'_>) -> fmt::Result {
        words(statement, f)?;
        write!(f, "〔{}〕。", statement.section())
    }

    fn verdict(&self, _verdict: &Verdict, _f: &mut Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn diagnosis(&self, _diagnosis: &Diagnosis, _f: &mut Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn advice(&self, _verdict: &Verdict) -> Option<&'static str> {
        None
    }
}

fn words(statement: &Statement<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    match *statement {
        Statement::Handshake { sender, fact: HandshakeFact::Asks { seq, counted, state } } => {
            let counted = if counted { "（以下记作 0）" } else { "" };
            let sender = end(sender);
            write!(f, "{sender}请求建立连接：SYN 占用序号 {seq}{counted}，{sender}进入 {state}")
        }
        Statement::Offers { offers, .. } => {
            for (n, offer) in offers.iter().enumerate() {
                f.write_str(if n == 0 { "所带选项：" } else { "；" })?;
                one(offer, f)?;
            }
            Ok(())
        }
        Statement::Data { sender, fact: DataFact::Carries { octets, acked_with, push } } => {
            let peer = end(sender.peer());
            write!(f, "{}把{} 发给{peer}", end(sender), range(octets))?;
            if let Some(ack) = acked_with {
                write!(f, "，{peer}应以 {} 确认", ack.shown)?;
            }
            f.write_str(if push { "；PSH 要求立即交付" } else { "" })
        }
        Statement::Ack { sender, fact: AckFact::Arrived { ack, octets } } => write!(
            f,
            "{}的另外 {octets} 字节已到达{}，{} 之前的全部得到确认",
            end(sender.peer()),
            end(sender),
            ack.shown
        ),
        Statement::Finding {
            finding:
                Finding::Retransmission {
                    octets,
                    of,
                    partly,
                    overtaken_by,
                    cause: Cause::Timeout { attempt },
                    ..
                },
            count,
        } => match Previous::new(of, partly, overtaken_by) {
            Previous::Whole(of) => write!(
                f,
                "第 {} 帧发出 {} 后仍无确认，于是重发其中的{}：重传定时器第 {attempt} 次超时",
                of.frame,
                Span { nanos: of.ago.unwrap_or_default(), ascii: false },
                range(count.range(octets))
            ),
            _ => Err(fmt::Error),
        },
        _ => Err(fmt::Error),
    }
}

fn one(offer: Offer, f: &mut Formatter<'_>) -> fmt::Result {
    match offer {
        Offer::Mss(octets) => write!(f, "发给它的报文段最多承载 {octets} 字节（MSS）"),
        Offer::Scaling { shift } => {
            write!(f, "若双方都缩放，其后的窗口以 {} 字节为单位（移位 {shift}）", 1_u32 << shift)
        }
        Offer::Sack => f.write_str("可以报告缺口（SACK）"),
        Offer::Timestamps => f.write_str("报文段带时间戳"),
        _ => Err(fmt::Error),
    }
}

const fn end(side: Side) -> &'static str {
    match side {
        Side::Client => "客户端",
        Side::Server => "服务器",
    }
}

fn range(octets: Octets) -> String {
    match octets {
        Octets { first, len: 0 | 1, .. } => format!("字节 {first}"),
        Octets { first, last, .. } => format!("字节 {first} 到 {last}"),
    }
}
