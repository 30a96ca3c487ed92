use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use crate::progress::EMPTY;

/// How often it is drawn at most.
const INTERVAL: Duration = Duration::from_millis(100);

/// The columns of the bar itself.
const WIDTH: u64 = 24;

/// How a batch comes on: one line on a terminal, written over and over; nothing where standard error is none.
#[derive(Debug)]
pub(super) struct Bar {
    is_shown: bool,
    total: Option<u64>,
    done: u64,
    unsuccessful: u64,
    broken: u64,
    began: Instant,
    drawn: Option<Instant>,
}

impl Bar {
    /// `total`: how many there are, where that is known.
    pub(super) fn begin(total: Option<u64>, is_quiet: bool) -> Self {
        let is_shown = !is_quiet && io::stderr().is_terminal();
        let bar = Self { is_shown, total, done: 0, unsuccessful: 0, broken: 0, began: Instant::now(), drawn: None };
        bar.draw();
        bar
    }

    /// One more is done: `None` where its sandbox failed, else whether the code succeeded.
    pub(super) fn add(&mut self, is_success: Option<bool>) {
        self.done += 1;
        self.unsuccessful += u64::from(is_success == Some(false));
        self.broken += u64::from(is_success.is_none());
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= INTERVAL) {
            self.drawn = Some(Instant::now());
            self.draw();
        }
    }

    /// How many sandboxes failed.
    pub(super) fn broken(&self) -> u64 {
        self.broken
    }

    /// Leaves the last state standing.
    pub(super) fn end(&self) {
        if self.is_shown {
            self.draw();
            let _ = io::stderr().write_all(b"\n");
        }
    }

    fn draw(&self) {
        if self.is_shown {
            // A terminal that is gone shows nothing.
            let _ = io::stderr().write_all(format!("{EMPTY}{}", self.words(self.began.elapsed())).as_bytes());
        }
    }

    fn words(&self, elapsed: Duration) -> String {
        let Self { done, unsuccessful, broken, .. } = self;
        let rate = *done as f64 / elapsed.as_secs_f64().max(0.001);
        let place = match self.total {
            Some(total) => {
                let full = (WIDTH * done).checked_div(total).unwrap_or(WIDTH).min(WIDTH);
                let bar: String = (0..WIDTH).map(|at| if at < full { '#' } else { '-' }).collect();
                format!("[{bar}] {done}/{total}")
            }
            None => format!("{done} done"),
        };
        let broken = if *broken > 0 { format!(", {broken} sandboxes failed") } else { String::new() };
        format!("{place}  {rate:.1}/s  {unsuccessful} failed{broken}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_far_it_is() {
        let mut bar = Bar::begin(Some(4), true);
        bar.add(Some(true));
        bar.add(Some(false));
        assert_eq!(bar.words(Duration::from_secs(1)), "[############------------] 2/4  2.0/s  1 failed");
        bar.add(None);
        bar.total = None;
        assert_eq!(bar.words(Duration::from_secs(2)), "3 done  1.5/s  1 failed, 1 sandboxes failed");
    }
}
