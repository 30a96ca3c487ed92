//! Reads a pattern by the grammar of CPython's `re`, for `str`, and refuses what it refuses.

mod class;
mod escape;
mod group;
mod inline_flags;
mod name;
mod repeat;
mod uncertain;

use crate::pattern::flags::Flags;
use crate::pattern::syntax::{Node, Place, Sequence};
use crate::pattern::tokens::{Token, Tokens};
use crate::pattern::unit::{Unit, fold};
use crate::pattern::width::Width;
use crate::pattern::{PatternError, casing};
use group::Parenthesis;

/// How many bytes a pattern may have.
const LONGEST: usize = 16 * 1024;

/// How deep groups may be nested.
const DEEPEST: usize = 100;

/// What was read, and how many groups it has.
pub(super) struct Parsed {
    pub(super) sequence: Sequence,
    pub(super) groups: usize,
}

pub(super) fn parse(pattern: &str) -> Result<Parsed, PatternError> {
    if pattern.len() > LONGEST {
        let message = format!("the pattern has {} bytes, more than the {LONGEST} it may have", pattern.len());
        return Err(PatternError::too_large(LONGEST, message));
    }
    let mut parser = Parser {
        tokens: Tokens::new(pattern)?,
        global: Flags::default(),
        groups: Vec::new(),
        names: Vec::new(),
        behind_from: None,
        references: Vec::new(),
        uncertain: Vec::new(),
        depth: 0,
    };
    let sequence = parser.alternatives(Flags::default(), Level::Top)?;
    parser.finish()?;
    Ok(Parsed { sequence, groups: parser.groups.len() })
}

struct Parser {
    tokens: Tokens,
    /// The flags named at the start.
    global: Flags,
    /// The groups that were opened, and the widths of those that were closed. Group 1 is the first.
    groups: Vec<Option<Width>>,
    names: Vec<(String, usize)>,
    /// Within a look behind: how many groups there were before it.
    behind_from: Option<usize>,
    /// The groups that are referred to, and where. Those that conditions ask for by number may be opened later.
    references: Vec<(usize, usize)>,
    /// The groups of which CPython may not say what they have matched.
    uncertain: Vec<usize>,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Nested,
}

impl Parser {
    fn finish(&self) -> Result<(), PatternError> {
        if self.tokens.peek().is_some() {
            return Err(PatternError::invalid(self.tokens.offset(), "a ) closes nothing; write \\) for a parenthesis"));
        }
        if self.global.ascii && self.global.unicode {
            return Err(PatternError::invalid(0, "the flags a and u exclude each other"));
        }
        if let Some((group, offset)) = self.references.iter().find(|(group, _)| *group > self.groups.len()) {
            return Err(PatternError::invalid(*offset, format!("there is no group {group}")));
        }
        if let Some((group, offset)) = self.references.iter().find(|(group, _)| self.uncertain.contains(group)) {
            let message = format!(
                "what group {group} has matched is not certain where a possessive quantifier repeats it; \
                 write (?>(...)*) for (...)*+"
            );
            return Err(PatternError::not_exact(*offset, message));
        }
        Ok(())
    }

    /// `a|b|c`
    fn alternatives(&mut self, flags: Flags, level: Level) -> Result<Sequence, PatternError> {
        let mut branches = Vec::new();
        loop {
            let flags = if level == Level::Top { self.global } else { flags };
            let may_set_flags = level == Level::Top && branches.is_empty();
            branches.push(self.sequence(flags, may_set_flags)?);
            if !self.tokens.eat('|') {
                break;
            }
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { vec![Node::Alternatives(branches)] })
    }

    fn sequence(&mut self, mut flags: Flags, may_set_flags: bool) -> Result<Sequence, PatternError> {
        let mut sequence = Sequence::new();
        loop {
            let offset = self.tokens.offset();
            let token = match self.tokens.peek() {
                None | Some(Token::Plain('|' | ')')) => return Ok(sequence),
                Some(token) => token,
            };
            self.tokens.take();
            if flags.verbose && self.is_passed_over(token) {
                continue;
            }
            match token {
                Token::Plain('(') => match self.parenthesis(offset, flags)? {
                    Parenthesis::Node(node) => sequence.push(node),
                    Parenthesis::Comment => {}
                    Parenthesis::Flags(_) if !may_set_flags || !sequence.is_empty() => {
                        let message = "flags for the whole pattern must stand at its start; write (?i:...) for a part";
                        return Err(PatternError::invalid(offset, message));
                    }
                    Parenthesis::Flags(more) => {
                        self.global = self.global.and(more);
                        flags = self.global;
                    }
                },
                Token::Plain(character @ ('*' | '+' | '?' | '{')) => {
                    self.quantifier(character, offset, flags, &mut sequence)?;
                }
                Token::Plain('[') => sequence.push(Node::Unit(self.class(offset, flags)?)),
                Token::Plain(character) => sequence.push(plain(character, offset, flags)?),
                Token::Escaped(character) => sequence.push(self.escape(character, offset, flags)?),
            }
        }
    }

    /// Whether a token means nothing where the flag `x` is in force; takes the rest of a comment.
    fn is_passed_over(&mut self, token: Token) -> bool {
        match token {
            Token::Plain(' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C') => true,
            Token::Plain('#') => {
                while !matches!(self.tokens.take(), None | Some(Token::Plain('\n'))) {}
                true
            }
            _ => false,
        }
    }

    /// Reads what is nested one deeper.
    fn nested<T>(
        &mut self,
        offset: usize,
        read: impl FnOnce(&mut Self) -> Result<T, PatternError>,
    ) -> Result<T, PatternError> {
        if self.depth == DEEPEST {
            let message = format!("groups are nested deeper than {DEEPEST}");
            return Err(PatternError::too_large(offset, message));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

/// A character that is no escape and begins nothing.
fn plain(character: char, offset: usize, flags: Flags) -> Result<Node, PatternError> {
    Ok(match character {
        '.' if flags.dot_all => Node::Unit(Unit::Any),
        '.' => Node::Unit(Unit::AnyButNewline),
        '^' if flags.multi_line => Node::At(Place::LineStart),
        '^' => Node::At(Place::TextStart),
        '$' if flags.multi_line => Node::At(Place::LineEnd),
        '$' => Node::At(Place::TextEndOrLastNewline),
        _ => literal(character.into(), offset, flags)?,
    })
}

fn literal(code: u32, offset: usize, flags: Flags) -> Result<Node, PatternError> {
    check_case(code, offset, flags)?;
    Ok(Node::Unit(Unit::literal(code, flags)))
}

/// Python finds a character beyond the basic plane in either case when it stands alone, and not when it is one of a set.
fn check_case(code: u32, offset: usize, flags: Flags) -> Result<(), PatternError> {
    if code > casing::LAST_OF_PLANE && fold(flags) == casing::Fold::Unicode && fold(flags).is_cased(code) {
        let message = "a character beyond U+FFFF has no certain meaning where case is ignored; \
                       write both cases, in a group (?-i:...)";
        return Err(PatternError::not_exact(offset, message));
    }
    Ok(())
}
