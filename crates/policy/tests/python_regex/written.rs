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

pub(crate) fn questions() -> Vec<Question> {
    let lines = PATTERNS.lines().filter(|line| !line.is_empty() && !line.starts_with("== "));
    let texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    let question = |pattern: &str| Question { pattern: pattern.to_owned(), texts: texts.clone() };
    lines.chain(OTHERS).map(question).collect()
}

/// How many of these may be refused here alone: the last list, of which Python refuses some, too.
pub(crate) fn not_the_same() -> usize {
    PATTERNS.lines().skip_while(|line| *line != "== not the same").skip(1).count()
}
