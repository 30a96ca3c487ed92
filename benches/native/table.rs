use std::io::{self, Write};

use crate::{
    host::Host,
    report::{Line, Section},
};

/// How wide the names of figures are shown.
const NAME: usize = 50;

/// Says where all was measured, and what the columns are.
pub(crate) fn head(out: &mut impl Write, host: &Host) -> io::Result<()> {
    let Host { kernel, cores, python, .. } = host;
    let load = host.load_average();
    writeln!(out, "Linux {kernel}, {cores} cores, load average {load}, {}", python.display())?;
    if host.is_busy() {
        writeln!(out, "The machine is busy with something else: figures are worse than they would be, and vary.")?;
    }
    writeln!(out, "\n{:NAME$} {:>12} {:>12} {:>5}  target", "", "median", "p90", "n")
}

/// Shows a section as soon as it is measured.
pub(crate) fn section(out: &mut impl Write, section: &Section) -> io::Result<()> {
    writeln!(out, "\n{}", section.title)?;
    for line in &section.lines {
        writeln!(out, "{}", row(line).trim_end())?;
    }
    for note in &section.notes {
        writeln!(out, "  {note}")?;
    }
    out.flush()
}

fn row(line: &Line) -> String {
    let Line { what, unit, value, spread, target } = line;
    let (p90, count) = match spread {
        Some((p90, count)) => (unit.show(*p90), count.to_string()),
        None => (String::new(), String::new()),
    };
    let name = format!("  {what}");
    let figures = format!("{name:NAME$} {:>12} {p90:>12} {count:>5}", unit.show(*value));
    match target {
        Some(target) => format!("{figures}  {:<12} {}", target.show(*unit), target.verdict(*value, *unit)),
        None => figures,
    }
}
