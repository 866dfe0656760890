//! VLAN tags: the kernel, or the network card, takes a frame's outer one off, and reports it beside the frame in a
//! `tpacket_auxdata` (linux/if_packet.h). Here it is put back to where it was on the link.

/// Octets of a `cmsghdr` and of the alignment of what follows it: a length as long as an address, a level, a type.
const WORD: usize = size_of::<usize>();
const HEADER: usize = WORD + 8;

/// Octets of the two MAC addresses, behind which a tag stands (IEEE 802.1Q).
const ADDRESSES: usize = 12;

/// A tag as it stands in the frame: the EtherType that announces it, and priority and number.
pub(super) type Tag = [u8; 4];

/// The tag, if there was one, in the control messages that came with a frame.
pub(super) fn tag_in(mut control: &[u8]) -> Option<Tag> {
    loop {
        let len = usize::from_ne_bytes(*control.first_chunk()?);
        let message = control.get(..len).filter(|message| message.len() >= HEADER)?;
        let number = |at: usize| message.get(at..at + 4)?.try_into().ok().map(i32::from_ne_bytes);
        if (number(WORD), number(WORD + 4)) == (Some(libc::SOL_PACKET), Some(libc::PACKET_AUXDATA)) {
            return tag_of(&message[HEADER..]);
        }
        control = control.get(len.next_multiple_of(WORD)..)?;
    }
}

/// The tag in a `tpacket_auxdata`: a status of four octets, four fields that are not used here, the tag's number and
/// priority, the EtherType.
fn tag_of(auxdata: &[u8]) -> Option<Tag> {
    let status = u32::from_ne_bytes(*auxdata.first_chunk()?);
    let short = |at: usize| auxdata.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes);
    if status & libc::TP_STATUS_VLAN_VALID == 0 {
        return None;
    }
    let ethertype = if status & libc::TP_STATUS_VLAN_TPID_VALID == 0 { VLAN } else { short(18)? };
    let ([a, b], [c, d]) = (ethertype.to_be_bytes(), short(16)?.to_be_bytes());
    Some([a, b, c, d])
}

/// The EtherType of a tag where the kernel, being old, does not say it.
const VLAN: u16 = 0x8100;

/// The frame as it was on the link.
pub(super) fn put_back<'w>(tag: Tag, captured: &[u8], whole: &'w mut Vec<u8>) -> &'w [u8] {
    let (addresses, rest) = captured.split_at(captured.len().min(ADDRESSES));
    whole.clear();
    whole.extend_from_slice(addresses);
    whole.extend_from_slice(&tag);
    whole.extend_from_slice(rest);
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(level: i32, kind: i32, data: &[u8]) -> Vec<u8> {
        let mut octets = (HEADER + data.len()).to_ne_bytes().to_vec();
        octets.extend_from_slice(&level.to_ne_bytes());
        octets.extend_from_slice(&kind.to_ne_bytes());
        octets.extend_from_slice(data);
        octets.resize(octets.len().next_multiple_of(WORD), 0);
        octets
    }

    fn auxdata(status: u32, tci: u16, ethertype: u16) -> Vec<u8> {
        let mut octets = status.to_ne_bytes().to_vec();
        octets.extend_from_slice(&[0; 12]);
        octets.extend_from_slice(&tci.to_ne_bytes());
        octets.extend_from_slice(&ethertype.to_ne_bytes());
        message(libc::SOL_PACKET, libc::PACKET_AUXDATA, &octets)
    }

    #[test]
    fn a_tag_is_found_behind_other_messages_and_stands_where_it_was() {
        let both = libc::TP_STATUS_VLAN_VALID | libc::TP_STATUS_VLAN_TPID_VALID;
        let control = [message(1, 2, b"abc"), auxdata(both, 0x200a, 0x88a8)].concat();
        assert_eq!(tag_in(&control), Some([0x88, 0xa8, 0x20, 0x0a]));
        let old = auxdata(libc::TP_STATUS_VLAN_VALID, 10, 0);
        assert_eq!(tag_in(&old), Some([0x81, 0x00, 0, 10]));
        assert_eq!(tag_in(&auxdata(1, 10, 0x8100)), None);
        let whole = &mut Vec::new();
        assert_eq!(put_back([1, 2, 3, 4], b"aaaaaabbbbbbcc", whole), b"aaaaaabbbbbb\x01\x02\x03\x04cc");
    }

    proptest! {
        #[test]
        fn nothing_that_comes_beside_a_frame_does_harm(control in any::<Vec<u8>>(), captured in any::<Vec<u8>>()) {
            let tag = tag_in(&control).unwrap_or_default();
            prop_assert_eq!(put_back(tag, &captured, &mut Vec::new()).len(), captured.len() + 4);
        }
    }
}
