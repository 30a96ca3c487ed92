use std::time::Duration;

/// Measured durations of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    taken: Vec<Duration>,
}

impl Samples {
    pub(crate) fn push(&mut self, duration: Duration) {
        self.taken.push(duration);
    }

    pub(crate) fn count(&self) -> usize {
        self.taken.len()
    }

    /// In seconds.
    pub(crate) fn median(&self) -> f64 {
        self.quantile(50)
    }

    /// What nine in ten are no longer than, in seconds.
    pub(crate) fn ninth_decile(&self) -> f64 {
        self.quantile(90)
    }

    /// The nearest rank; not a number where nothing was measured.
    fn quantile(&self, percent: usize) -> f64 {
        let mut sorted = self.taken.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(f64::NAN, Duration::as_secs_f64)
    }
}

impl FromIterator<Duration> for Samples {
    fn from_iter<T: IntoIterator<Item = Duration>>(durations: T) -> Self {
        Self { taken: durations.into_iter().collect() }
    }
}
