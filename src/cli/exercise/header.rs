//! A header that is given in hex, for questions.

use crate::cli::characters::hex;
use crate::cli::request::Usage;
use crate::exercise::material::Material;
use crate::hex::decoded::{Decoded, Given};

/// Octets of the longest header: the data offset counts up to 15 words of 4 (RFC 9293, section 3.1).
const LONGEST: usize = 60;

/// The TCP header in these octets, whatever headers are around it.
pub(super) fn material(words: &[String]) -> Result<Material, Usage> {
    let text = hex(&words.join(" ")).map_err(|error| {
        Usage(format!("--hex wants the octets of a header, such as 'c462 1f90 360a1d03 …': {error}"))
    })?;
    let [octets] = &text.dumps[..] else {
        return Err(Usage("--hex wants one header, and this text holds several dumps".into()));
    };
    let nothing = |why: String| {
        Usage(format!("there is nothing to ask: {why}; tcpscope decode says more about these octets"))
    };
    let decoded = Decoded::new(octets, Given::default());
    let tcp = decoded.opened.tcp.clone().and_then(|range| octets.get(range));
    let Some(tcp) = tcp else { return Err(nothing("there is no TCP header in it".into())) };
    let len = tcp.get(12).map_or(LONGEST, |octet| usize::from(octet >> 4) * 4);
    let material = Material::of_header(&tcp[..len.min(tcp.len())]);
    if material.conversations.iter().all(|conversation| conversation.steps.is_empty()) {
        return Err(nothing(match (tcp.get(12), tcp.len()) {
            (None, have) | (Some(_), have @ ..20) => {
                format!("a TCP header has 20 octets or more, and {have} are there")
            }
            (Some(_), have) if len > have => {
                format!("its data offset says {len} octets, and {have} are there")
            }
            _ => format!("its data offset says {len} octets, and a TCP header has 20 or more"),
        }));
    }
    Ok(material)
}
