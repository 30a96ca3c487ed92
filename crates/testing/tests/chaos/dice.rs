/// Numbers that look random and follow from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    /// Those of one case of a seed.
    pub(crate) fn of(seed: u64, case: u64) -> Self {
        let mut dice = Self { state: seed };
        let base = dice.roll();
        Self { state: base ^ case.wrapping_mul(0x9e37_79b9_7f4a_7c15) }
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Others, for somebody who rolls at times of its own.
    pub(crate) fn split(&mut self) -> Self {
        Self { state: self.roll() }
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    pub(crate) fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).expect("it was one")
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[0]
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.index(most + 1)).map(|_| self.byte()).collect()
    }

    /// A number of any size, often one at an edge.
    pub(crate) fn number(&mut self) -> u64 {
        match self.below(6) {
            0 => self.below(4),
            1 => u64::MAX - self.below(2),
            2 => (1_u64 << self.below(64)).wrapping_sub(self.below(3)),
            3 => self.below(1 << 16),
            4 => u64::from(u32::MAX).wrapping_add(self.below(3)),
            _ => self.roll(),
        }
    }
}
