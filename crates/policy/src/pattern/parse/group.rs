//! What begins with a parenthesis.

use super::inline_flags::FlagGroup;
use super::name::check_name;
use super::{Level, Parser};
use crate::pattern::PatternError;
use crate::pattern::flags::Flags;
use crate::pattern::syntax::{Look, Node};
use crate::pattern::tokens::Token;

/// How far a look behind may look.
const FARTHEST_BEHIND: u128 = 1_000_000;

/// What a parenthesis came to.
pub(super) enum Parenthesis {
    Node(Node),
    Comment,
    Flags(Flags),
}

impl Parser {
    /// What stands in parentheses, after the opening one at `offset`.
    pub(super) fn parenthesis(&mut self, offset: usize, flags: Flags) -> Result<Parenthesis, PatternError> {
        if !self.tokens.eat('?') {
            return self.capture(None, offset, flags).map(Parenthesis::Node);
        }
        let Some(Token::Plain(kind)) = self.tokens.take() else {
            return Err(unknown(offset));
        };
        let node = match kind {
            '#' => return self.comment(offset),
            'i' | 'm' | 's' | 'x' | 'a' | 'u' | 'L' | 't' | '-' => match self.inline_flags(kind, offset)? {
                FlagGroup::Whole(flags) => return Ok(Parenthesis::Flags(flags)),
                FlagGroup::Part { on, off } => self.group(offset, flags.within(on, off))?,
            },
            'P' => self.named(offset, flags)?,
            ':' => self.group(offset, flags)?,
            '>' => Node::Atomic(self.body(offset, flags)?),
            '=' | '!' => Node::Look(Look { wanted: kind == '=', back: 0, body: self.body(offset, flags)? }),
            '<' => self.look_behind(offset, flags)?,
            '(' => self.conditional(offset, flags)?,
            _ => return Err(unknown(offset)),
        };
        Ok(Parenthesis::Node(node))
    }

    /// Alternatives, and the parenthesis that closes them.
    fn body(&mut self, offset: usize, flags: Flags) -> Result<Vec<Node>, PatternError> {
        let body = self.nested(offset, |parser| parser.alternatives(flags, Level::Nested))?;
        self.close(offset)?;
        Ok(body)
    }

    fn close(&mut self, opened: usize) -> Result<(), PatternError> {
        if self.tokens.eat(')') {
            return Ok(());
        }
        Err(PatternError::invalid(opened, "a ( is not closed; write \\( for a parenthesis"))
    }

    fn group(&mut self, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        Ok(Node::Group { number: None, body: self.body(offset, flags)? })
    }

    fn capture(&mut self, name: Option<(String, usize)>, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        let number = self.open_group(name)?;
        let body = self.body(offset, flags)?;
        self.close_group(number, &body);
        Ok(Node::Group { number: Some(number), body })
    }

    fn comment(&mut self, offset: usize) -> Result<Parenthesis, PatternError> {
        loop {
            match self.tokens.take() {
                None => return Err(PatternError::invalid(offset, "a comment is not closed")),
                Some(Token::Plain(')')) => return Ok(Parenthesis::Comment),
                Some(_) => {}
            }
        }
    }

    /// `(?P<name>...)` and `(?P=name)`, after the `P`.
    fn named(&mut self, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        if self.tokens.eat('=') {
            return self.named_back_reference(flags);
        }
        if !self.tokens.eat('<') {
            return Err(unknown(offset));
        }
        let at = self.tokens.offset();
        let name = self.tokens.eat_name('>')?;
        check_name(&name, at)?;
        self.capture(Some((name, at)), offset, flags)
    }

    /// `(?<=...)` and `(?<!...)`, after the `<`.
    fn look_behind(&mut self, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        let wanted = match self.tokens.take() {
            Some(Token::Plain('=')) => true,
            Some(Token::Plain('!')) => false,
            _ => return Err(PatternError::invalid(offset, "write (?P<name>...) for a named group")),
        };
        let outer = self.behind_from;
        self.behind_from = Some(outer.unwrap_or(self.groups.len()));
        let body = self.body(offset, flags);
        self.behind_from = outer;
        let body = body?;
        let width = self.width(&body);
        if width.least != width.most {
            let message = "a look behind must always have the same number of characters; \
                           write one for each length, as in (?:(?<=a)|(?<=bc))";
            return Err(PatternError::invalid(offset, message));
        }
        if width.least > FARTHEST_BEHIND {
            let message = format!("a look behind goes back more than {FARTHEST_BEHIND} characters");
            return Err(PatternError::too_large(offset, message));
        }
        Ok(Node::Look(Look { wanted, back: width.least as usize, body }))
    }

    /// `(?(1)yes|no)`, after the second parenthesis.
    fn conditional(&mut self, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        let group = self.condition()?;
        let yes = self.nested(offset, |parser| parser.sequence(flags, false))?;
        let no = if self.tokens.eat('|') {
            self.nested(offset, |parser| parser.sequence(flags, false))?
        } else {
            Vec::new()
        };
        if self.tokens.peek() == Some(Token::Plain('|')) {
            let message = "a condition has more than two branches; put them in groups (?:...)";
            return Err(PatternError::invalid(self.tokens.offset(), message));
        }
        self.close(offset)?;
        Ok(Node::Conditional { group, yes, no })
    }
}

fn unknown(offset: usize) -> PatternError {
    PatternError::invalid(offset, "(? is not followed by anything that is known; write \\( for a parenthesis")
}
