//! Groups of `#if`, `#elif`, `#else` and `#endif` that are open.

/// The groups that are open, the innermost last.
#[derive(Default)]
pub(super) struct Groups {
    open: Vec<Group>,
    /// How many of them may be compiled or not.
    uncertain: usize,
}

struct Group {
    /// Whether a branch was met that is compiled for certain, so that those after it are not.
    is_decided: bool,
    /// Whether it is not known if the branch is compiled.
    is_uncertain: bool,
    /// The macro that is not defined before, as guards of headers have it.
    guard: Option<Vec<u8>>,
}

impl Groups {
    /// Opens a group; false where its first branch is not compiled.
    pub(super) fn open(&mut self, condition: Option<bool>, guard: Option<Vec<u8>>) -> bool {
        self.open.push(Group { is_decided: false, is_uncertain: false, guard });
        self.branch(condition)
    }

    /// Goes on to the next branch; false where it is not compiled.
    pub(super) fn next(&mut self, condition: Option<bool>) -> bool {
        match self.open.last_mut() {
            Some(group) if group.is_decided => false,
            Some(group) => {
                group.guard = None;
                self.branch(condition)
            }
            // There is no group: the directive is wrong, and what follows is compiled.
            None => true,
        }
    }

    fn branch(&mut self, condition: Option<bool>) -> bool {
        let Some(group) = self.open.last_mut() else { return true };
        group.is_decided |= condition == Some(true);
        if condition.is_none() && !group.is_uncertain {
            group.is_uncertain = true;
            self.uncertain += 1;
        }
        condition != Some(false)
    }

    pub(super) fn close(&mut self) {
        let closed = self.open.pop();
        self.uncertain -= usize::from(closed.is_some_and(|group| group.is_uncertain));
    }

    /// Whether what stands here is compiled for certain.
    pub(super) fn are_certain(&self) -> bool {
        self.uncertain == 0
    }

    /// Whether the innermost group asks that this macro is not defined, and nothing else is uncertain.
    pub(super) fn are_guarded_by(&self, name: &[u8]) -> bool {
        let guarded = self.open.last().is_some_and(|group| group.guard.as_deref() == Some(name));
        guarded && self.uncertain <= 1
    }
}
