//! Somebody at a terminal in a session.

use rustix::termios::{Winsize, tcsetwinsize};

use super::Home;
use crate::terminal::Seated;

fn seated(home: &Home, arguments: &[&str]) -> Seated {
    Seated::with(arguments, &[("XDG_RUNTIME_DIR", super::word(&home.path))])
}

#[test]
fn a_shell_is_worked_in() {
    let home = Home::with_session("shell", &[]);
    let mut shell = seated(&home, &["shell", "s"]);
    shell.press(b"test -t 0 && echo is-a-$((40 + 2))-terminal; echo kept > a; cat a\r");
    shell.sees("is-a-42-terminal");
    shell.sees("\nkept");
    // A key interrupts what runs, not the shell.
    shell.press(b"python3 -c 'import time; print(\"on-%d\" % 2); time.sleep(600)'\r");
    shell.sees("on-2");
    shell.press(b"\x03");
    shell.press(b"echo still-$((1 + 1))\r");
    shell.sees("still-2");
    let size = Winsize { ws_row: 33, ws_col: 77, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&shell.keys, size).expect("a terminal");
    shell.press(b"until stty size | grep '33 77'; do :; done; exit 5\r");
    shell.sees("33 77\r\n");
    assert_eq!(shell.status(), Some(5));
    assert_eq!(home.told(&["exec", "s", "cat", "a"]), "kept\n");
}

#[test]
fn a_shell_can_be_named() {
    let home = Home::with_session("named", &[]);
    let mut shell = seated(&home, &["shell", "s", "python3"]);
    shell.sees(">>> ");
    shell.press(b"print(6 * 7)\r");
    shell.sees("\n42");
    shell.press(b"exit()\r");
    assert_eq!(shell.status(), Some(0));
}

#[test]
fn a_program_gets_a_terminal_where_asked_for() {
    let home = Home::with_session("terminal", &[]);
    let code = "import sys; print(sys.stdin.isatty(), sys.stdout.isatty())";
    assert_eq!(home.told(&["exec", "-t", "s", "-c", code]), "True True\r\n");
    assert_eq!(home.told(&["exec", "s", "-c", code]), "False False\n");
}
