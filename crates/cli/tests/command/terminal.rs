//! `--tty`: the code has a terminal, whatever this program has.

use crate::support::finished;

#[test]
fn the_code_sees_a_terminal() {
    let ended = finished(&["-t", "-c", "import sys; print(sys.stdin.isatty(), sys.stdout.isatty())"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "True True\r\n"));
}

#[test]
fn json_and_a_terminal_exclude_each_other() {
    assert_eq!(finished(&["-t", "--json", "-c", "1"]).status, Some(2));
}
