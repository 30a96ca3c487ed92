//! Patterns made by the grammar of Python's regular expressions, and texts that they may match.

use crate::python::Question;
use crate::random::Random;

const TEXTS_FOR_A_PATTERN: usize = 5;
const LONGEST_TEXT: usize = 14;

/// What texts and most literals consist of: few, so that much matches.
const COMMON: [&str; 8] = ["a", "b", "a", "b", "c", "A", "1", "\n"];

const RARE: [&str; 30] = [
    "B", "C", "_", " ", "-", "]", "[", "&", "|", "~", "z", "9", "\t", "é", "É", "ß", "ẞ", "s", "ſ", "k", "\u{212A}",
    "i", "İ", "ı", "σ", "ς", "Σ", "٣", "\u{1c}", "😀",
];

pub(crate) fn question(random: &mut Random) -> Question {
    let mut pattern = Generator { random, groups: 0, closed: Vec::new(), names: Vec::new(), behind: false }.pattern();
    if random.percent(15) {
        pattern = damaged(&pattern, random);
    }
    let texts = (0..TEXTS_FOR_A_PATTERN).map(|_| text(random)).collect();
    Question { pattern, texts }
}

fn text(random: &mut Random) -> String {
    (0..random.below(LONGEST_TEXT)).map(|_| character(random)).collect()
}

fn character(random: &mut Random) -> &'static str {
    if random.percent(80) { random.pick(&COMMON) } else { random.pick(&RARE) }
}

/// The same with a character missing, added or in another place.
fn damaged(pattern: &str, random: &mut Random) -> String {
    const ADDED: [&str; 24] = [
        "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", "^", "$", "-", ",", "1", "(?", "P", "<", ">", "=", ":",
        "#", "!",
    ];
    let mut characters: Vec<String> = pattern.chars().map(String::from).collect();
    for _ in 0..=random.below(2) {
        let place = random.below(characters.len() + 1);
        match random.below(3) {
            0 => characters.insert(place, random.pick(&ADDED).to_owned()),
            1 if place < characters.len() => {
                characters.remove(place);
            }
            _ if place + 1 < characters.len() => characters.swap(place, place + 1),
            _ => {}
        }
    }
    characters.concat()
}

struct Generator<'a> {
    random: &'a mut Random,
    groups: usize,
    closed: Vec<usize>,
    names: Vec<String>,
    /// Within a look behind, where all has one width.
    behind: bool,
}

impl Generator<'_> {
    fn pattern(mut self) -> String {
        let flags = if self.random.percent(25) {
            self.mostly(
                &["(?i)", "(?m)", "(?s)", "(?x)", "(?a)", "(?u)", "(?im)", "(?ai)", "(?isx)", "(?i)(?m)"],
                &["(?L)", "(?au)", "(?a)(?u)", "(?-i)"],
            )
        } else {
            String::new()
        };
        format!("{flags}{}", self.alternatives(3))
    }

    fn alternatives(&mut self, depth: usize) -> String {
        let count = if self.behind || self.random.percent(70) { 1 } else { 2 + self.random.below(2) };
        (0..count).map(|_| self.sequence(depth)).collect::<Vec<_>>().join("|")
    }

    fn sequence(&mut self, depth: usize) -> String {
        let count = self.random.below(5);
        (0..count).map(|_| self.item(depth)).collect()
    }

    fn item(&mut self, depth: usize) -> String {
        let atom = match self.random.below(20) {
            0..=7 => self.literal(),
            8 => self.random.pick(&[".", "."]).to_owned(),
            9 | 10 => self.class(),
            11 => self.random.pick(&["\\w", "\\W", "\\d", "\\D", "\\s", "\\S"]).to_owned(),
            12 => return self.place(),
            13 => self.reference(),
            _ if depth > 0 => self.group(depth - 1),
            _ => self.literal(),
        };
        atom + &self.quantifier()
    }

    fn literal(&mut self) -> String {
        if self.random.percent(10) {
            return self.escape();
        }
        let character = character(self.random);
        if "[]|".contains(character) { format!("\\{character}") } else { character.to_owned() }
    }

    fn escape(&mut self) -> String {
        const ESCAPES: [&str; 19] = [
            r"\n",
            r"\t",
            r"\r",
            r"\f",
            r"\v",
            r"\a",
            r"\x61",
            r"\x41",
            r"\u0062",
            r"\U00000063",
            r"\141",
            r"\0",
            r"\012",
            r"\-",
            r"\.",
            r"\\",
            r"\é",
            r"\_",
            r"\ ",
        ];
        const ODD: [&str; 8] = [r"\x{61}", r"\q", r"\x6", r"\400", r"\8", r"\N{DIGIT ONE}", r"\ud800", r"\u006"];
        self.mostly(&ESCAPES, &ODD)
    }

    /// One of `usual`, or now and then one of `odd`, most of which Python refuses.
    fn mostly(&mut self, usual: &[&str], odd: &[&str]) -> String {
        let list = if self.random.percent(4) { odd } else { usual };
        self.random.pick(list).to_owned()
    }

    fn quantifier(&mut self) -> String {
        if self.behind || self.random.percent(60) {
            return if self.behind && self.random.percent(10) { "{2}".to_owned() } else { String::new() };
        }
        const USUAL: [&str; 13] = ["*", "+", "?", "*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}", "{0,1}", "{,}"];
        const ODD: [&str; 8] = ["{2,1}", "{", "{}", "{a}", "{1,a}", "{ 1}", "{3", "**"];
        let quantifier = self.mostly(&USUAL, &ODD);
        quantifier + self.random.pick(&["", "", "", "?", "+"])
    }

    fn place(&mut self) -> String {
        let place = self.random.pick(&["^", "$", "\\A", "\\Z", "\\b", "\\B", "^", "$"]);
        let quantifier = if self.random.percent(1) { "*" } else { "" };
        format!("{place}{quantifier}")
    }

    fn class(&mut self) -> String {
        let negation = if self.random.percent(30) { "^" } else { "" };
        let first = if self.random.percent(10) { "]" } else { "" };
        let mut class = format!("[{negation}{first}");
        for _ in 0..=self.random.below(3) {
            let item = match self.random.below(10) {
                0..=3 => character(self.random).to_owned(),
                4 | 5 => self
                    .mostly(&["a-c", "A-Z", "0-9", "b-", "é-ß", "Z-a", "a-𐐀", "\\x41-\\x63"], &["b-a", "a-\\w", "ß-é"]),
                6 => self.mostly(&["\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\b"], &["\\B"]),
                7 => self.random.pick(&["&&", "||", "~~", "--", "[", "[:alpha:]", "^", ".", "$", "(", "#"]).to_owned(),
                _ => self.escape(),
            };
            class += &item;
        }
        class + "]"
    }

    fn reference(&mut self) -> String {
        let known = if self.closed.is_empty() {
            return self.literal();
        } else if self.random.percent(4) {
            1 + self.random.below(3)
        } else {
            self.closed[self.random.below(self.closed.len())]
        };
        match self.names.last() {
            Some(name) if self.random.percent(40) => format!("(?P={name})"),
            _ => format!("\\{known}"),
        }
    }

    fn group(&mut self, depth: usize) -> String {
        match self.random.below(20) {
            0..=6 => self.capture(depth),
            7..=10 => format!("(?:{})", self.alternatives(depth)),
            11 => format!("(?>{})", self.alternatives(depth)),
            12 => format!("(?={})", self.alternatives(depth)),
            13 => format!("(?!{})", self.alternatives(depth)),
            14 | 15 => self.look_behind(depth),
            16 if self.groups > 0 => self.conditional(depth),
            17 => self.mostly(&["(?#comment)", "(?#a\\)b)", "# comment\n", " "], &["(?#", "(?i)"]),
            _ => self.with_flags(depth),
        }
    }

    fn capture(&mut self, depth: usize) -> String {
        self.groups += 1;
        let number = self.groups;
        let name = self.random.percent(25).then(|| format!("n{number}"));
        let body = self.alternatives(depth);
        self.closed.push(number);
        match name {
            Some(name) => {
                let group = format!("(?P<{name}>{body})");
                self.names.push(name);
                group
            }
            None => format!("({body})"),
        }
    }

    fn look_behind(&mut self, depth: usize) -> String {
        let outer = self.behind;
        self.behind = self.random.percent(85) || outer;
        let kind = self.random.pick(&["=", "!"]);
        let group = format!("(?<{kind}{})", self.alternatives(depth));
        self.behind = outer;
        group
    }

    fn conditional(&mut self, depth: usize) -> String {
        let group = if self.closed.is_empty() || self.random.percent(10) {
            1 + self.random.below(self.groups.max(1))
        } else {
            self.closed[self.random.below(self.closed.len())]
        };
        let yes = self.sequence(depth);
        let no = if self.random.percent(60) { format!("|{}", self.sequence(depth)) } else { String::new() };
        format!("(?({group}){yes}{no})")
    }

    fn with_flags(&mut self, depth: usize) -> String {
        let flags =
            self.random.pick(&["i", "m", "s", "x", "a", "u", "-i", "-m", "i-s", "-x", "ms-i", "i-i", "-a", "au"]);
        format!("(?{flags}:{})", self.alternatives(depth))
    }
}
