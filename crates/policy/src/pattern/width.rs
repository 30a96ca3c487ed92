//! How many characters a part of a pattern can match, which Python wants fixed behind.

use super::syntax::{Node, Sequence};

/// The fewest and the most characters. Far from what overflows: a pattern's length and nesting are bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Width {
    pub(super) least: u128,
    pub(super) most: u128,
}

/// What Python counts no further than.
const MOST: u128 = 1 << 64;

impl Width {
    const NONE: Self = Self { least: 0, most: 0 };
    const ONE: Self = Self { least: 1, most: 1 };

    fn then(self, next: Self) -> Self {
        Self { least: self.least.saturating_add(next.least), most: self.most.saturating_add(next.most) }
    }

    fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

/// The width of a sequence, where those of the groups before it are known, group 1 first.
pub(super) fn of_sequence(sequence: &Sequence, groups: &[Option<Width>]) -> Width {
    let sum = sequence.iter().map(|node| of_node(node, groups)).fold(Width::NONE, Width::then);
    Width { least: sum.least.min(MOST), most: sum.most.min(MOST) }
}

fn of_node(node: &Node, groups: &[Option<Width>]) -> Width {
    match node {
        Node::Unit(_) => Width::ONE,
        Node::At(_) | Node::Look(_) => Width::NONE,
        Node::Group { body, .. } | Node::Atomic(body) => of_sequence(body, groups),
        Node::Alternatives(branches) => {
            branches.iter().map(|branch| of_sequence(branch, groups)).reduce(Width::or).unwrap_or(Width::NONE)
        }
        Node::Repeat(repeat) => {
            let body = of_sequence(&repeat.body, groups);
            let endless = repeat.times.most == usize::MAX && body.most > 0;
            Width {
                least: body.least * repeat.times.least as u128,
                most: if endless { MOST } else { body.most.saturating_mul(repeat.times.most as u128) },
            }
        }
        Node::BackReference { group, .. } => groups.get(*group - 1).copied().flatten().unwrap_or(Width::NONE),
        Node::Conditional { yes, no, .. } => of_sequence(yes, groups).or(of_sequence(no, groups)),
    }
}
