//! Patterns written by hand: all of the syntax, its corners, and what policies look for.

use crate::python::Question;

/// One pattern in a line, under headings.
const PATTERNS: &str = include_str!("written.txt");

/// Patterns that do not fit into a line.
const OTHERS: [&str; 16] = [
    "",
    "(?x) \\b os \\. (?: system | popen )  # calls\n  \\s* \\(  # and the parenthesis",
    "$\n",
    "(?m)$\n",
    "(?m)\n^",
    "\\\n",
    "\t",
    "\u{85}",
    "\u{2028}",
    "\u{0}",
    "(?:.|\n)*?b",
    "(?x)a # c\n b",
    "(?x) a  # b \\\n c\n b",
    "(?x)\t\na\x0b\x0cb\r",
    "(?x)(a|b # c\n)",
    "(?x:#)a)\n)",
];

const TEXTS: [&str; 22] = [
    "",
    "a",
    "\n",
    "ab",
    "aab\nb",
    "aaaa",
    "abcabcabc",
    "xaxbxc",
    "a1b22_c333 d",
    "line one\nline two\n",
    "\n\nab\n\n",
    "import os, sys\nos.system('rm -rf /')\n",
    "x = __import__(\"os\").popen(cmd, 'r')  # comment\n",
    "subprocess.run(['ls', '-la'], shell=True)\nopen('/etc/passwd').read()",
    "eval(input()); exec(code)\r\nimport socket\r\n",
    "[a-z] && (b|c) {1,2} x{2} ]^-~~||--",
    "Straße ΣΊΣΥΦΟΣ σίσυφος ſtop Kelvin \u{212A} İstanbul ısı",
    "日本語 テキスト ٣٤٥ \u{2028}next\u{85}last\u{1c}end",
    "😀 a😀b 𐐀𐐨",
    "((a)(b(c)))",
    "<b>bold</b><i>it</i>",
    "AbABab_aB\tab\u{b}c",
];

/// Before what Python takes, or some versions of it do, and is refused here.
const NOT_EXACT: &str = "== not exact";

/// Patterns that mean the same to both, or that both refuse.
pub(crate) fn the_same() -> Vec<Question> {
    let lines = PATTERNS.lines().take_while(|line| *line != NOT_EXACT);
    questions(lines.filter(|line| !line.is_empty() && !line.starts_with("== ")).chain(OTHERS))
}

/// Patterns that are refused here for not meaning exactly the same.
pub(crate) fn not_exact() -> Vec<Question> {
    questions(PATTERNS.lines().skip_while(|line| *line != NOT_EXACT).skip(1))
}

fn questions(patterns: impl Iterator<Item = &'static str>) -> Vec<Question> {
    let texts = TEXTS.map(str::to_owned).to_vec();
    patterns.map(|pattern| Question { pattern: pattern.to_owned(), texts: texts.clone() }).collect()
}
