//! What a policy is made of.

use libc::{c_int, c_long};

/// What to do with every system call known; any other gets `ENOSYS`.
pub(crate) struct Policy {
    pub(super) groups: &'static [&'static [Group]],
}

impl Policy {
    pub(super) fn groups(&self) -> impl Iterator<Item = &'static Group> {
        self.groups.iter().copied().flatten()
    }
}

/// System calls that share an action and the reason for it.
pub(super) struct Group {
    pub(super) action: Action,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever reviews the table, and for the tests"))]
    pub(super) reason: &'static str,
    pub(super) calls: &'static [Call],
}

/// A system call: its name, for messages, and its number.
pub(super) type Call = (&'static str, c_long);

#[derive(Clone, Copy)]
pub(super) enum Action {
    Always(Verdict),
    ByArguments(&'static Rule),
}

impl PartialEq for Action {
    /// Rules are equal only to themselves.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Always(one), Self::Always(other)) => one == other,
            (Self::ByArguments(one), Self::ByArguments(other)) => std::ptr::eq(*one, *other),
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow,
    /// The call is not made; the caller sees this error number.
    Refuse(c_int),
    /// The process dies at once, with all its threads.
    Kill,
}

/// A decision by arguments: the first case that holds, else the last word.
pub(super) struct Rule {
    pub(super) cases: &'static [Case],
    pub(super) otherwise: Verdict,
}

/// Holds when all its conditions hold.
pub(super) struct Case {
    pub(super) when: &'static [Condition],
    pub(super) then: Verdict,
}

/// Looks at the low 32 bits of one argument, counted from 0: all that the kernel looks at in the calls examined here.
pub(super) enum Condition {
    /// The argument, masked, is one of these values.
    OneOf { argument: u8, mask: u32, values: &'static [u32] },
    /// The argument has at least one of these bits.
    AnyBit { argument: u8, bits: u32 },
}

impl Condition {
    pub(super) const fn one_of(argument: u8, values: &'static [u32]) -> Self {
        Self::OneOf { argument, mask: u32::MAX, values }
    }
}

pub(super) const fn allow(reason: &'static str, calls: &'static [Call]) -> Group {
    Group { action: Action::Always(Verdict::Allow), reason, calls }
}

pub(super) const fn refuse(errno: c_int, reason: &'static str, calls: &'static [Call]) -> Group {
    Group { action: Action::Always(Verdict::Refuse(errno)), reason, calls }
}

pub(super) const fn examine(rule: &'static Rule, reason: &'static str, calls: &'static [Call]) -> Group {
    Group { action: Action::ByArguments(rule), reason, calls }
}

/// Pairs each system call's name with its number.
macro_rules! calls {
    ($($name:ident)*) => { &[$((stringify!($name), number::$name)),*] };
}
pub(super) use calls;
