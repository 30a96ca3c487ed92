//! From what was read to instructions.

use super::parse::Parsed;
use super::program::{Address, Instruction, Loop, Program, Slot};
use super::syntax::{Greed, Look, Node, Repeat, Sequence};
use super::unit::Unit;

/// Number of slots that a look takes: its fence, and where it began.
const LOOK_SLOTS: usize = 2;

pub(super) fn compile(parsed: &Parsed) -> Program {
    let mut compiler = Compiler { instructions: Vec::new(), slots: parsed.groups * 2 };
    compiler.sequence(&parsed.sequence);
    compiler.push(Instruction::Matched);
    Program { instructions: compiler.instructions, slots: compiler.slots }
}

struct Compiler {
    instructions: Vec<Instruction>,
    slots: usize,
}

/// Where an instruction goes that is not known yet.
const LATER: Address = Address::MAX;

/// The slot of a group's start; that of its end follows.
fn start_of(group: usize) -> Slot {
    (group - 1) * 2
}

impl Compiler {
    fn here(&self) -> Address {
        self.instructions.len()
    }

    fn push(&mut self, instruction: Instruction) -> Address {
        self.instructions.push(instruction);
        self.here() - 1
    }

    fn take_slots(&mut self, count: usize) -> Slot {
        self.slots += count;
        self.slots - count
    }

    /// Has the instruction at `address` go to the present end.
    fn lead_here(&mut self, address: Address) {
        let here = self.here();
        match self.instructions.get_mut(address) {
            Some(
                Instruction::Jump(target)
                | Instruction::Try { otherwise: target }
                | Instruction::IfGroup { otherwise: target, .. }
                | Instruction::Head { exit: target, .. }
                | Instruction::LookFromUnwanted { absent: target, .. },
            ) => *target = here,
            _ => unreachable!("only instructions that lead somewhere are completed"),
        }
    }

    fn sequence(&mut self, sequence: &Sequence) {
        for node in sequence {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Unit(unit) => {
                self.push(Instruction::Unit(unit.clone()));
            }
            Node::At(place) => {
                self.push(Instruction::At(*place));
            }
            Node::Group { number: None, body } => self.sequence(body),
            Node::Group { number: Some(number), body } => {
                self.push(Instruction::Mark(start_of(*number)));
                self.sequence(body);
                self.push(Instruction::Mark(start_of(*number) + 1));
            }
            Node::Alternatives(branches) => self.alternatives(branches),
            Node::Atomic(body) => {
                let fence = self.take_slots(1);
                self.push(Instruction::Fence(fence));
                self.sequence(body);
                self.push(Instruction::Keep(fence));
            }
            Node::Look(look) => self.look(look),
            Node::Repeat(repeat) => self.repeat(repeat),
            Node::BackReference { group, fold } => {
                self.push(Instruction::BackReference { start: start_of(*group), fold: *fold });
            }
            Node::Conditional { group, yes, no } => self.conditional(*group, yes, no),
        }
    }

    fn alternatives(&mut self, branches: &[Sequence]) {
        let mut ends = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.sequence(branch);
                break;
            }
            let attempt = self.push(Instruction::Try { otherwise: LATER });
            self.sequence(branch);
            ends.push(self.push(Instruction::Jump(LATER)));
            self.lead_here(attempt);
        }
        for end in ends {
            self.lead_here(end);
        }
    }

    fn conditional(&mut self, group: usize, yes: &Sequence, no: &Sequence) {
        let test = self.push(Instruction::IfGroup { start: start_of(group), otherwise: LATER });
        self.sequence(yes);
        let end = self.push(Instruction::Jump(LATER));
        self.lead_here(test);
        self.sequence(no);
        self.lead_here(end);
    }

    fn look(&mut self, look: &Look) {
        let fence = self.take_slots(LOOK_SLOTS);
        let back = look.back;
        if look.wanted {
            self.push(Instruction::LookFrom { fence, back });
            self.sequence(&look.body);
            self.push(Instruction::LookFound(fence));
        } else {
            let start = self.push(Instruction::LookFromUnwanted { fence, back, absent: LATER });
            self.sequence(&look.body);
            self.push(Instruction::LookFoundUnwanted(fence));
            self.lead_here(start);
        }
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let times = repeat.times;
        if let Some(unit) = single_unit(&repeat.body) {
            self.push(Instruction::Units { unit: unit.clone(), times });
            return;
        }
        let of = Loop::at(self.take_slots(Loop::SLOTS));
        self.push(Instruction::Enter(of));
        let head = self.push(Instruction::Head { of, times, exit: LATER });
        self.sequence(&repeat.body);
        self.push(match times.greed {
            Greed::Possessive => Instruction::AgainKeeping { of, head },
            Greed::Greedy | Greed::Lazy => Instruction::Again { of, head },
        });
        self.lead_here(head);
    }
}

/// The one character that a sequence matches, if it is no more than that.
fn single_unit(sequence: &Sequence) -> Option<&Unit> {
    match &sequence[..] {
        [Node::Unit(unit)] => Some(unit),
        [Node::Group { number: None, body }] => single_unit(body),
        _ => None,
    }
}
