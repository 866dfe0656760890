//! Instructions in order, with labels to jump to.
//!
//! A comparison can jump over 255 instructions at most, and only forwards. So each one here jumps over the next
//! instruction or to it, and that one is a jump without a limit.

use super::Instruction;

// The instruction set of classic BPF (linux/bpf_common.h, linux/filter.h).
const LD: u16 = 0x00;
const LDX: u16 = 0x01;
const ST: u16 = 0x02;
const ALU: u16 = 0x04;
const JMP: u16 = 0x05;
const RET: u16 = 0x06;
const MISC: u16 = 0x07;
const WORD: u16 = 0x00;
const HALF: u16 = 0x08;
const BYTE: u16 = 0x10;
const IMM: u16 = 0x00;
const ABS: u16 = 0x20;
const IND: u16 = 0x40;
const MEM: u16 = 0x60;
const ADD: u16 = 0x00;
const AND: u16 = 0x50;
const LSH: u16 = 0x60;
const RSH: u16 = 0x70;
const JA: u16 = 0x00;
const JEQ: u16 = 0x10;
const JGT: u16 = 0x20;
const X: u16 = 0x08;
const TAX: u16 = 0x00;

/// So many octets of a frame are kept: all.
const WHOLE: u32 = u32::MAX;

/// A place in the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label(usize);

impl Label {
    /// Keep the frame.
    pub(super) const PASS: Self = Self(0);
    /// Drop it.
    pub(super) const DROP: Self = Self(1);
}

/// Collects instructions.
#[derive(Debug)]
pub(super) struct Assembler {
    code: Vec<Instruction>,
    /// Where each label stands, once it was placed.
    places: Vec<Option<usize>>,
    /// Jumps whose distance is still to be filled in.
    jumps: Vec<(usize, Label)>,
}

impl Default for Assembler {
    fn default() -> Self {
        Self { code: Vec::new(), places: vec![None; 2], jumps: Vec::new() }
    }
}

impl Assembler {
    /// A label that will be placed later.
    pub(super) fn label(&mut self) -> Label {
        self.places.push(None);
        Label(self.places.len() - 1)
    }

    /// The label stands here.
    pub(super) fn place(&mut self, label: Label) {
        self.places[label.0] = Some(self.code.len());
    }

    fn push(&mut self, code: u16, k: u32) {
        self.code.push(Instruction { code, if_true: 0, if_false: 0, k });
    }

    /// A = two octets at `at`.
    pub(super) fn load_half(&mut self, at: u32) {
        self.push(LD | HALF | ABS, at);
    }

    /// A = the octet `at` behind X.
    pub(super) fn load_byte_x(&mut self, at: u32) {
        self.push(LD | BYTE | IND, at);
    }

    /// A = two octets `at` behind X.
    pub(super) fn load_half_x(&mut self, at: u32) {
        self.push(LD | HALF | IND, at);
    }

    /// A = four octets `at` behind X.
    pub(super) fn load_word_x(&mut self, at: u32) {
        self.push(LD | WORD | IND, at);
    }

    /// A = a word of the scratch memory.
    pub(super) fn load_memory(&mut self, at: u32) {
        self.push(LD | WORD | MEM, at);
    }

    /// A = `k`.
    pub(super) fn a_is(&mut self, k: u32) {
        self.push(LD | WORD | IMM, k);
    }

    /// X = `k`.
    pub(super) fn x_is(&mut self, k: u32) {
        self.push(LDX | WORD | IMM, k);
    }

    /// A word of the scratch memory = A.
    pub(super) fn store(&mut self, at: u32) {
        self.push(ST, at);
    }

    /// A &= `k`.
    pub(super) fn and(&mut self, k: u32) {
        self.push(ALU | AND, k);
    }

    /// A <<= `k`.
    pub(super) fn shift_left(&mut self, k: u32) {
        self.push(ALU | LSH, k);
    }

    /// A >>= `k`.
    pub(super) fn shift_right(&mut self, k: u32) {
        self.push(ALU | RSH, k);
    }

    /// A += X.
    pub(super) fn add_x(&mut self) {
        self.push(ALU | ADD | X, 0);
    }

    /// X = A.
    pub(super) fn a_to_x(&mut self) {
        self.push(MISC | TAX, 0);
    }

    /// Goes to `label`.
    pub(super) fn go(&mut self, label: Label) {
        self.jumps.push((self.code.len(), label));
        self.push(JMP | JA, 0);
    }

    /// Goes to `label` if A is `k`.
    pub(super) fn if_is(&mut self, k: u32, label: Label) {
        self.code.push(Instruction { code: JMP | JEQ, if_true: 0, if_false: 1, k });
        self.go(label);
    }

    /// Goes to `label` if A is one of these.
    pub(super) fn if_any(&mut self, of: &[u32], label: Label) {
        for k in of {
            self.if_is(*k, label);
        }
    }

    /// Goes to `label` if A is greater than `k`.
    pub(super) fn if_above(&mut self, k: u32, label: Label) {
        self.code.push(Instruction { code: JMP | JGT, if_true: 0, if_false: 1, k });
        self.go(label);
    }

    /// Goes to `label` unless A is `k`.
    pub(super) fn unless(&mut self, k: u32, label: Label) {
        self.code.push(Instruction { code: JMP | JEQ, if_true: 1, if_false: 0, k });
        self.go(label);
    }

    /// Ends the program with its two outcomes, and fills in the distances. A jump to a label that was never
    /// placed, or stands before the jump, drops the frame.
    pub(super) fn finish(mut self) -> Vec<Instruction> {
        self.place(Label::PASS);
        self.push(RET, WHOLE);
        let drop = self.code.len();
        self.place(Label::DROP);
        self.push(RET, 0);
        for (at, label) in self.jumps {
            let target = self.places[label.0].filter(|place| *place > at).unwrap_or(drop);
            self.code[at].k = (target - at - 1) as u32;
        }
        self.code
    }
}
