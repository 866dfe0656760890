//! What the kernel does with a program, in few lines: the oracle of the tests.

use super::Instruction;

/// How many octets of the frame are kept; 0 drops it. A load beyond the frame's end drops it, as in the kernel.
/// `None` where the kernel would refuse the program.
pub(super) fn run(program: &[Instruction], frame: &[u8]) -> Option<u32> {
    let (mut a, mut x, mut memory) = (0_u32, 0_u32, [0_u32; 16]);
    let mut at = 0;
    loop {
        let Instruction { code, if_true, if_false, k } = *program.get(at)?;
        at += 1;
        let load = |start: u32, len: usize| {
            let start = start as usize;
            let octets = frame.get(start..start + len)?;
            Some(octets.iter().fold(0, |word, octet| word << 8 | u32::from(*octet)))
        };
        let branch = |holds: bool| usize::from(if holds { if_true } else { if_false });
        macro_rules! or_drop {
            ($load:expr) => {
                match $load {
                    Some(word) => word,
                    None => return Some(0),
                }
            };
        }
        match code {
            0x20 => a = or_drop!(load(k, 4)),
            0x28 => a = or_drop!(load(k, 2)),
            0x30 => a = or_drop!(load(k, 1)),
            0x40 => a = or_drop!(load(x.checked_add(k)?, 4)),
            0x48 => a = or_drop!(load(x.checked_add(k)?, 2)),
            0x50 => a = or_drop!(load(x.checked_add(k)?, 1)),
            0x60 => a = *memory.get(k as usize)?,
            0x00 => a = k,
            0x01 => x = k,
            0x02 => *memory.get_mut(k as usize)? = a,
            0x54 => a &= k,
            0x64 => a <<= k,
            0x74 => a >>= k,
            0x0c => a = a.wrapping_add(x),
            0x07 => x = a,
            0x05 => at += k as usize,
            0x15 => at += branch(a == k),
            0x25 => at += branch(a > k),
            0x06 => return Some(k),
            _ => return None,
        }
    }
}
