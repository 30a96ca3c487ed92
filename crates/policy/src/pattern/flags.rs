//! The flags that change what a pattern means.

/// The flags in force at one place of a pattern.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multi_line: bool,
    pub(super) dot_all: bool,
    pub(super) verbose: bool,
    pub(super) ascii: bool,
    /// Named, which is only different from meant where `ascii` is named, too.
    pub(super) unicode: bool,
}

impl Flags {
    /// Sets a flag by its letter; `false` where it is not one of these.
    pub(super) fn set(&mut self, letter: char) -> bool {
        let flag = match letter {
            'i' => &mut self.ignore_case,
            'm' => &mut self.multi_line,
            's' => &mut self.dot_all,
            'x' => &mut self.verbose,
            'a' => &mut self.ascii,
            'u' => &mut self.unicode,
            _ => return false,
        };
        *flag = true;
        true
    }

    /// All of both.
    pub(super) fn and(self, more: Self) -> Self {
        Self {
            ignore_case: self.ignore_case || more.ignore_case,
            multi_line: self.multi_line || more.multi_line,
            dot_all: self.dot_all || more.dot_all,
            verbose: self.verbose || more.verbose,
            ascii: self.ascii || more.ascii,
            unicode: self.unicode || more.unicode,
        }
    }

    /// Those in force in a group that turns some on and some off.
    pub(super) fn within(self, on: Self, off: Self) -> Self {
        Self {
            ignore_case: (self.ignore_case || on.ignore_case) && !off.ignore_case,
            multi_line: (self.multi_line || on.multi_line) && !off.multi_line,
            dot_all: (self.dot_all || on.dot_all) && !off.dot_all,
            verbose: (self.verbose || on.verbose) && !off.verbose,
            ascii: if on.ascii || on.unicode { on.ascii } else { self.ascii },
            unicode: self.unicode,
        }
    }

    /// Whether a flag is in both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.ignore_case && other.ignore_case
            || self.multi_line && other.multi_line
            || self.dot_all && other.dot_all
            || self.verbose && other.verbose
    }
}
