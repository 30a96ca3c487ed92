//! What a pattern becomes: instructions for a machine that backtracks.

use super::casing::Fold;
use super::syntax::{Place, Times};
use super::unit::Unit;

pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    /// Numbers that the machine keeps and restores when it backtracks: the ends of the groups first, then what loops count.
    pub(super) slots: usize,
}

/// The place of an instruction.
pub(super) type Address = usize;

/// The place of a number that the machine keeps.
pub(super) type Slot = usize;

pub(super) enum Instruction {
    /// One character.
    Unit(Unit),
    /// One character, many times.
    Units {
        unit: Unit,
        times: Times,
    },
    At(Place),
    /// Notes the present place.
    Mark(Slot),
    Jump(Address),
    /// Goes on with the next instruction; where that fails, at `otherwise`.
    Try {
        otherwise: Address,
    },
    BackReference {
        start: Slot,
        fold: Fold,
    },
    /// Goes on with the next instruction if the group that is marked at `start` has matched.
    IfGroup {
        start: Slot,
        otherwise: Address,
    },
    /// Before a loop.
    Enter(Loop),
    /// At the head of a loop, whose body follows; beyond it, at `exit`.
    Head {
        of: Loop,
        times: Times,
        exit: Address,
    },
    /// At the end of a loop's body.
    Again {
        of: Loop,
        head: Address,
    },
    /// The same for a loop that keeps all it has.
    AgainKeeping {
        of: Loop,
        head: Address,
    },
    /// Remembers which choices there are.
    Fence(Slot),
    /// Forgets the choices made since the fence.
    Keep(Slot),
    /// Remembers the choices and the place, and goes back by some characters.
    LookFrom {
        fence: Slot,
        back: usize,
    },
    /// What was looked for is there: back to the place.
    LookFound(Slot),
    /// The same where nothing must be found, in which case it goes on at `absent`.
    LookFromUnwanted {
        fence: Slot,
        back: usize,
        absent: Address,
    },
    /// What must not be found is there.
    LookFoundUnwanted(Slot),
    Matched,
}

/// The numbers a loop keeps, in slots that follow each other.
#[derive(Clone, Copy)]
pub(super) struct Loop(Slot);

impl Loop {
    /// How many slots it takes.
    pub(super) const SLOTS: usize = 3;

    pub(super) fn at(slot: Slot) -> Self {
        Self(slot)
    }

    /// How often the body has matched.
    pub(super) fn count(self) -> Slot {
        self.0
    }

    /// Where the last repetition that need not have been began. None that is empty is followed by another.
    pub(super) fn began(self) -> Slot {
        self.0 + 1
    }

    /// The choices there were before the present repetition.
    pub(super) fn fence(self) -> Slot {
        self.0 + 2
    }
}
