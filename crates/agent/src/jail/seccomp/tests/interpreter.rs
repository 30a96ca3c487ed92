//! Classic BPF as seccomp runs it, for tests.

use libc::{
    BPF_ABS, BPF_ALU, BPF_AND, BPF_JA, BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W,
    sock_filter,
};

use crate::jail::seccomp::compile::ARCHITECTURE;
use crate::jail::seccomp::policy::Verdict;

/// What the kernel shows a filter.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) number: u32,
    pub(super) architecture: u32,
    pub(super) arguments: [u64; 6],
}

impl Call {
    /// A native call; arguments not given are zero.
    pub(super) fn new(number: libc::c_long, given: &[u64]) -> Self {
        let mut arguments = [0; 6];
        arguments[..given.len()].copy_from_slice(given);
        Self { number: u32::try_from(number).expect("a number from the table"), architecture: ARCHITECTURE, arguments }
    }

    /// The 32-bit word of `struct seccomp_data` at this offset.
    fn word(&self, offset: u32) -> u32 {
        match offset {
            0 => self.number,
            4 => self.architecture,
            // The instruction pointer, which no filter here looks at.
            8 | 12 => 0,
            _ => {
                assert!(offset.is_multiple_of(4), "the kernel refuses a load at {offset}");
                let argument = self.arguments[(offset as usize - 16) / 8];
                if offset.is_multiple_of(8) { argument as u32 } else { (argument >> 32) as u32 }
            }
        }
    }
}

pub(super) struct Execution {
    /// The value as it was returned.
    pub(super) value: u32,
    pub(super) verdict: Verdict,
    /// Instructions executed.
    pub(super) steps: usize,
    pub(super) looked_at_arguments: bool,
}

/// Runs a program to its return; panics where the kernel would not have loaded it.
pub(super) fn execute(program: &[sock_filter], call: &Call) -> Execution {
    let (mut accumulator, mut next, mut looked_at_arguments) = (0, 0, false);
    for steps in 1.. {
        let sock_filter { code, jt, jf, k } = program[next];
        let compare = |holds| if holds { usize::from(jt) } else { usize::from(jf) };
        next += 1 + match u32::from(code) {
            code if code == BPF_RET | BPF_K => {
                return Execution { value: k, verdict: verdict(k), steps, looked_at_arguments };
            }
            code if code == BPF_LD | BPF_W | BPF_ABS => {
                looked_at_arguments |= k >= 16;
                accumulator = call.word(k);
                0
            }
            code if code == BPF_ALU | BPF_AND | BPF_K => {
                accumulator &= k;
                0
            }
            code if code == BPF_JMP | BPF_JA => k as usize,
            code if code == BPF_JMP | BPF_JEQ | BPF_K => compare(accumulator == k),
            code if code == BPF_JMP | BPF_JGT | BPF_K => compare(accumulator > k),
            code if code == BPF_JMP | BPF_JGE | BPF_K => compare(accumulator >= k),
            code if code == BPF_JMP | BPF_JSET | BPF_K => compare(accumulator & k != 0),
            code => panic!("an instruction that is not classic BPF for seccomp: {code:#x}"),
        };
    }
    unreachable!("every step counts")
}

fn verdict(value: u32) -> Verdict {
    let data = value & libc::SECCOMP_RET_DATA;
    match value & libc::SECCOMP_RET_ACTION_FULL {
        libc::SECCOMP_RET_ALLOW => Verdict::Allow,
        libc::SECCOMP_RET_ERRNO => Verdict::Refuse(i32::try_from(data).expect("16 bits")),
        libc::SECCOMP_RET_KILL_PROCESS => Verdict::Kill,
        // What the oracle's filters answer to a call that is not theirs.
        libc::SECCOMP_RET_LOG => Verdict::Kill,
        other => panic!("no filter here returns {other:#x}"),
    }
}
