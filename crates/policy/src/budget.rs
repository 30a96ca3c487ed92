use std::fmt;
use std::time::{Duration, Instant};

use crate::flow::memory;

/// What a scan may take. One that needs more gives up and says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Time for one scan, everything included. Two seconds by default.
    pub time: Duration,
    /// Nodes of the syntax tree that are looked at, each pass counted. Twenty million by default.
    pub nodes: usize,
    /// How deep the syntax tree may be nested. A hundred thousand levels by default.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { time: Duration::from_secs(2), nodes: 20_000_000, depth: 100_000 }
    }
}

/// Why a scan did not see all of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GaveUp {
    /// The budget's time was over.
    Time,
    /// There were more nodes than the budget allows.
    Nodes,
    /// The code was nested deeper than the budget allows.
    Depth,
    /// What the code makes of texts and lists, as far as it is known, takes more memory than a scan may.
    Memory,
    /// Code in strings, given to `eval` and the like, was nested deeper than is followed.
    NestedCode,
    /// Macros made more of the code than is followed.
    Macros,
    /// A pattern took too much time, too many steps or too much memory.
    Pattern,
    /// The parser could not make out the rest of the code, or refused to work at all.
    Parser,
}

impl fmt::Display for GaveUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            GaveUp::Time => "the time of the budget was over",
            GaveUp::Nodes => "the code has more nodes than the budget allows",
            GaveUp::Depth => "the code is nested deeper than the budget allows",
            GaveUp::Memory => "what the code makes of texts and lists takes more memory than a scan may",
            GaveUp::NestedCode => "code within strings is nested deeper than is followed",
            GaveUp::Macros => "macros make more of the code than is followed",
            GaveUp::Pattern => "a pattern takes too long",
            GaveUp::Parser => "the parser could not read all of the code",
        })
    }
}

/// A budget that is being used up.
pub(crate) struct Spending {
    end: Instant,
    nodes_left: usize,
    depth: usize,
    gave_up: Option<GaveUp>,
}

/// Bytes that all values of a scan may take together.
const MOST_MEMORY: usize = 256 << 20;

/// Nodes between two looks at the clock.
const LOOK_EVERY: usize = 256;

impl Spending {
    pub(crate) fn new(budget: &Budget) -> Self {
        memory::begin();
        let now = Instant::now();
        let end = now.checked_add(budget.time).unwrap_or(now + Duration::from_secs(3600));
        Spending { end, nodes_left: budget.nodes, depth: budget.depth, gave_up: None }
    }

    /// When the time is over.
    pub(crate) fn end(&self) -> Instant {
        self.end
    }

    /// How many nodes may still be looked at.
    pub(crate) fn nodes_left(&self) -> usize {
        self.nodes_left
    }

    pub(crate) fn is_late(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Counts one node; false where there must be no more.
    pub(crate) fn node(&mut self, depth: usize) -> bool {
        if self.nodes_left == 0 {
            self.give_up(GaveUp::Nodes);
        } else {
            self.nodes_left -= 1;
            if depth > self.depth {
                self.give_up(GaveUp::Depth);
            } else if memory::made() > MOST_MEMORY {
                self.give_up(GaveUp::Memory);
            } else if self.nodes_left.is_multiple_of(LOOK_EVERY) && self.is_late() {
                self.give_up(GaveUp::Time);
            }
        }
        self.gave_up.is_none()
    }

    /// Keeps the first reason.
    pub(crate) fn give_up(&mut self, reason: GaveUp) {
        self.gave_up.get_or_insert(reason);
    }

    pub(crate) fn gave_up(&self) -> Option<GaveUp> {
        self.gave_up
    }
}
