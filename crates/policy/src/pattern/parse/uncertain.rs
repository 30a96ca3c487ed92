//! Groups that CPython may take from an attempt that has failed.

use crate::pattern::syntax::{Greed, Look, Node, Repeat, Sequence};

/// Adds the groups that may be left changed when one way through a repetition of a possessive quantifier fails and
/// another succeeds: those within or after a choice.
pub(super) fn add_uncertain(node: &Node, after_choice: &mut bool, groups: &mut Vec<usize>) {
    *after_choice |= is_choice(node);
    match node {
        Node::Unit(_) | Node::At(_) | Node::BackReference { .. } => {}
        Node::Group { number, body } => {
            if *after_choice {
                groups.extend(number);
            }
            add_all(body, after_choice, groups);
        }
        Node::Atomic(body) | Node::Look(Look { body, .. }) | Node::Repeat(Repeat { body, .. }) => {
            add_all(body, after_choice, groups);
        }
        Node::Alternatives(branches) => {
            for branch in branches {
                add_all(branch, after_choice, groups);
            }
        }
        Node::Conditional { yes, no, .. } => {
            add_all(yes, after_choice, groups);
            add_all(no, after_choice, groups);
        }
    }
}

fn add_all(sequence: &Sequence, after_choice: &mut bool, groups: &mut Vec<usize>) {
    for node in sequence {
        add_uncertain(node, after_choice, groups);
    }
}

fn is_choice(node: &Node) -> bool {
    match node {
        Node::Alternatives(_) => true,
        Node::Look(look) => !look.wanted,
        Node::Repeat(Repeat { times, .. }) => times.greed != Greed::Possessive && times.least != times.most,
        _ => false,
    }
}
