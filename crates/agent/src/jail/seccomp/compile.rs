//! From a policy to classic BPF.
//!
//! The kernel checks, translates and, once per system-call number, evaluates a filter as it is loaded, so both length
//! and depth cost time. The program is a balanced search tree over ranges of numbers with the same answer, and shares
//! its returns and its checks of arguments.
//!
//! Classic BPF only jumps forward, so the program is written from its end: wherever a jump is made, its target exists.

use std::collections::BTreeMap;

use libc::{
    BPF_ABS, BPF_ALU, BPF_AND, BPF_JA, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, ENOSYS, sock_filter,
};

use super::policy::{Action, Condition, Policy, Rule, Verdict};

/// What `arch` in `struct seccomp_data` must be.
#[cfg(target_arch = "x86_64")]
pub(super) const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
pub(super) const ARCHITECTURE: u32 = 0xc000_00b7;

/// Set in the numbers of the x32 table, which `arch` does not tell apart.
#[cfg(target_arch = "x86_64")]
pub(super) const X32: u32 = 0x4000_0000;

// Where the fields of `struct seccomp_data` lie. Arguments are 64 bits wide, little endian: the low half comes first.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARGUMENTS: u32 = 16;

/// The farthest a conditional jump goes: its offset is one byte.
const REACH: usize = 255;

/// Compiles a policy into a program for `seccomp(2)`.
pub(crate) fn compile(policy: &Policy) -> Vec<sock_filter> {
    let mut program = Reversed::default();
    let kill = program.verdict(Verdict::Kill);
    let search = program.search(&ranges(policy));
    #[cfg(target_arch = "x86_64")]
    let search = program.branch(libc::BPF_JSET, X32, kill, search);
    let number = program.load(NUMBER, search);
    let entry = program.branch(BPF_JEQ, ARCHITECTURE, number, kill);
    program.load(ARCH, entry);
    program.finish()
}

/// System-call numbers from here up to the next range that share an answer.
struct Range {
    start: u32,
    action: Action,
}

/// Every number there is, as ranges: the policy's own and, between and above them, the unknown.
fn ranges(policy: &Policy) -> Vec<Range> {
    let mut actions = BTreeMap::new();
    for group in policy.groups() {
        for &(name, number) in group.calls {
            let number = u32::try_from(number).unwrap_or_else(|_| panic!("{name} has a negative number"));
            actions.insert(number, group.action);
        }
    }
    let unknown = Action::Always(Verdict::Refuse(ENOSYS));
    let mut ranges = Vec::new();
    let mut next = 0;
    for (number, action) in actions {
        if next < number {
            extend(&mut ranges, next, unknown);
        }
        extend(&mut ranges, number, action);
        next = number + 1;
    }
    extend(&mut ranges, next, unknown);
    ranges
}

fn extend(ranges: &mut Vec<Range>, start: u32, action: Action) {
    if !ranges.last().is_some_and(|range| range.action == action) {
        ranges.push(Range { start, action });
    }
}

/// A place in the program, counted from its end.
type Label = usize;

/// A program with its last instruction first.
#[derive(Default)]
struct Reversed {
    instructions: Vec<sock_filter>,
    returns: BTreeMap<u32, Label>,
    rules: BTreeMap<*const Rule, Label>,
    /// For a place that got out of reach, the latest place that leads there.
    nearer: BTreeMap<Label, Label>,
}

impl Reversed {
    fn search(&mut self, ranges: &[Range]) -> Label {
        match ranges {
            [range] => self.action(range.action),
            [below, one, above] if below.action == above.action && one.start + 1 == above.start => {
                let others = self.action(below.action);
                let this = self.action(one.action);
                self.branch(BPF_JEQ, one.start, this, others)
            }
            _ => {
                let (below, above) = ranges.split_at(ranges.len() / 2);
                let start = above[0].start;
                let above = self.search(above);
                let below = self.search(below);
                self.branch(BPF_JGE, start, above, below)
            }
        }
    }

    fn action(&mut self, action: Action) -> Label {
        match action {
            Action::Always(verdict) => self.verdict(verdict),
            Action::ByArguments(rule) => self.rule(rule),
        }
    }

    fn verdict(&mut self, verdict: Verdict) -> Label {
        let value = verdict.value();
        if let Some(&label) = self.returns.get(&value) {
            return label;
        }
        let label = self.push(BPF_RET | BPF_K, 0, 0, value);
        self.returns.insert(value, label);
        label
    }

    fn rule(&mut self, rule: &'static Rule) -> Label {
        if let Some(&label) = self.rules.get(&std::ptr::from_ref(rule)) {
            return label;
        }
        let mut label = self.verdict(rule.otherwise);
        for case in rule.cases.iter().rev() {
            let next = label;
            label = self.verdict(case.then);
            for condition in case.when.iter().rev() {
                label = self.condition(condition, label, next);
            }
        }
        self.rules.insert(rule, label);
        label
    }

    fn condition(&mut self, condition: &Condition, yes: Label, no: Label) -> Label {
        match *condition {
            Condition::OneOf { argument, mask, values } => {
                let mut next = no;
                for &value in values.iter().rev() {
                    next = self.branch(BPF_JEQ, value, yes, next);
                }
                if mask != u32::MAX {
                    next = self.statement(BPF_ALU | BPF_AND | BPF_K, mask, next);
                }
                self.load(ARGUMENTS + 8 * u32::from(argument), next)
            }
            Condition::AnyBit { argument, bits } => {
                let next = self.branch(libc::BPF_JSET, bits, yes, no);
                self.load(ARGUMENTS + 8 * u32::from(argument), next)
            }
        }
    }

    fn load(&mut self, offset: u32, next: Label) -> Label {
        self.statement(BPF_LD | BPF_W | BPF_ABS, offset, next)
    }

    /// An instruction after which the program goes on at `next`.
    fn statement(&mut self, code: u32, value: u32, next: Label) -> Label {
        if next + 1 != self.instructions.len() {
            self.jump(next);
        }
        self.push(code, 0, 0, value)
    }

    /// Compares what was loaded last with `value`.
    fn branch(&mut self, comparison: u32, value: u32, yes: Label, no: Label) -> Label {
        // Bringing `no` within reach may move `yes` away by one more instruction.
        let yes = self.within_reach(yes, 1);
        let no = self.within_reach(no, 0);
        let (yes, no) = (self.offset(yes), self.offset(no));
        let byte = |offset| u8::try_from(offset).expect("brought within reach");
        self.push(BPF_JMP | comparison | BPF_K, byte(yes), byte(no), value)
    }

    /// A place with the same effect as `target`, at most [`REACH`] away from an instruction that comes after `between`
    /// others.
    fn within_reach(&mut self, target: Label, between: usize) -> Label {
        let nearest = self.nearer.get(&target).copied().unwrap_or(target);
        if self.offset(nearest) + between <= REACH {
            return nearest;
        }
        let again = self.instructions[nearest];
        let nearest = if u32::from(again.code) == BPF_RET | BPF_K {
            self.push(BPF_RET | BPF_K, 0, 0, again.k)
        } else {
            self.jump(nearest)
        };
        self.nearer.insert(target, nearest);
        nearest
    }

    fn jump(&mut self, target: Label) -> Label {
        let offset = u32::try_from(self.offset(target)).expect("programs are short");
        self.push(BPF_JMP | BPF_JA, 0, 0, offset)
    }

    /// How many instructions lie between the next one to be written and `target`.
    fn offset(&self, target: Label) -> usize {
        self.instructions.len() - target - 1
    }

    fn push(&mut self, code: u32, jt: u8, jf: u8, k: u32) -> Label {
        let code = u16::try_from(code).expect("operation codes are 16 bits");
        self.instructions.push(sock_filter { code, jt, jf, k });
        self.instructions.len() - 1
    }

    fn finish(mut self) -> Vec<sock_filter> {
        self.instructions.reverse();
        self.instructions
    }
}

impl Verdict {
    /// What the filter returns to the kernel.
    fn value(self) -> u32 {
        match self {
            Self::Allow => libc::SECCOMP_RET_ALLOW,
            Self::Refuse(errno) => libc::SECCOMP_RET_ERRNO | (errno.unsigned_abs() & libc::SECCOMP_RET_DATA),
            Self::Kill => libc::SECCOMP_RET_KILL_PROCESS,
        }
    }
}
