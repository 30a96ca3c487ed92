//! Texts that stand below the line that has them, and what stands after the program.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use tree_sitter::Node;

use super::Ruby;
use crate::flow::escapes::RUBY;
use crate::flow::value::Value;
use crate::flow::walk::{Nodes, Seen, Spot};

/// The heredocs of what is read now.
#[derive(Default)]
pub(super) struct Heredocs {
    /// What stands for a body, and its text where nothing is put into it, by where it is called for.
    bodies: HashMap<usize, (usize, Option<Rc<str>>)>,
    /// What ends a body.
    ends: HashMap<usize, Rc<str>>,
    /// What bodies have turned out to be.
    read: HashMap<usize, Value>,
    /// What stands after `__END__`.
    pub(super) data: Option<Rc<str>>,
}

impl Ruby {
    /// Finds the body of each heredoc: it comes after the expression of which it is a part.
    pub(super) fn find_heredocs(&mut self, nodes: &Nodes<'_>) {
        self.heredocs.bodies.clear();
        let mut waiting = VecDeque::new();
        for node in nodes.iter() {
            match node.kind() {
                "heredoc_beginning" => waiting.push_back(node),
                "heredoc_body" => {
                    if let Some(beginning) = waiting.pop_front() {
                        self.remember_heredoc(beginning, node);
                    }
                }
                "uninterpreted" => self.heredocs.data = Some(self.reading.text(node)),
                _ => {}
            }
        }
    }

    fn remember_heredoc(&mut self, beginning: Spot<'_>, body: Spot<'_>) {
        let id = self.reading.scope_id(body);
        let end = self.reading.text(beginning);
        let end = end.trim_start_matches(['<', '~', '-']).trim_matches(['"', '\'', '`']);
        let plain = self.plain_body(*body).map(|text| without_end(&text, end).unwrap_or(&text).into());
        self.heredocs.bodies.insert(beginning.start_byte(), (id, plain));
        self.heredocs.ends.insert(id, end.into());
    }

    /// The text of a body into which nothing is put.
    fn plain_body(&self, body: Node<'_>) -> Option<Rc<str>> {
        let mut text = String::new();
        let mut cursor = body.walk();
        for part in body.named_children(&mut cursor) {
            match part.kind() {
                "heredoc_content" => text += &self.reading.text(part),
                "escape_sequence" => text += &RUBY.resolve(&self.reading.text(part)),
                "heredoc_end" => {}
                _ => return None,
            }
        }
        Some(text.into())
    }

    /// The text that `<<~NAME` stands for.
    pub(super) fn heredoc(&self, node: &Seen<'_>) -> Value {
        let Some((body, plain)) = self.heredocs.bodies.get(&node.node.start_byte()) else { return Value::Unknown };
        let text = match plain {
            Some(text) => Value::text(text.clone()),
            None => self.heredocs.read.get(body).cloned().unwrap_or_default(),
        };
        if self.reading.text(node.node).starts_with("<<~") { text.map(without_indentation) } else { text }
    }

    /// Remembers what a body is. One that does not end is a text only because something before is wrong.
    pub(super) fn heredoc_body(&mut self, node: &Seen<'_>) {
        let text = self.put_together(node, false);
        let id = self.reading.scope_id(node.node);
        let end = self.heredocs.ends.get(&id).cloned().unwrap_or_default();
        let ended = text.whole_text().and_then(|text| without_end(text, &end)).map(Value::text);
        let is_open =
            node.parts.last().is_none_or(|part| part.kind != "heredoc_end" || part.node.byte_range().is_empty());
        if is_open && ended.is_none() && text.whole_text().is_some() {
            self.reading.run("eval", &text, &node.node.byte_range());
        }
        self.heredocs.read.insert(id, ended.unwrap_or(text));
    }
}

/// The text before its last line, where that is the end that the grammar has not seen for want of a line break.
fn without_end<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let (before, last) = text.rsplit_once('\n')?;
    (!end.is_empty() && last.trim() == end).then_some(before)
}

fn without_indentation(text: &Value) -> Value {
    let Value::Text(known) = text else { return Value::Unknown };
    let lines = known.text.lines().filter(|line| !line.trim().is_empty());
    let indentation = lines.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let lines: Vec<_> =
        known.text.trim_start_matches('\n').split('\n').map(|line| stripped(line, indentation)).collect();
    let text = lines.join("\n");
    if known.whole { Value::text(text) } else { Value::prefix(text) }
}

fn stripped(line: &str, indentation: usize) -> &str {
    line.get(indentation..).unwrap_or_else(|| line.trim_start())
}
