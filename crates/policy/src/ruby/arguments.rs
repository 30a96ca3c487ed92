//! What calls are given.

use std::rc::Rc;

use tree_sitter::Node;

use super::Ruby;
use super::literals::is_aside;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Functions that run a program, whose arguments are one command.
const COMMANDS: [&str; 10] = [
    "system",
    "exec",
    "spawn",
    "`",
    "IO.popen",
    "PTY.spawn",
    "sh",
    "Open3.capture2",
    "Open3.capture2e",
    "Open3.capture3",
];

impl Ruby {
    pub(super) fn argument_list(&self, node: &Seen<'_>) -> Value {
        let mut given = Given::default();
        for part in node.parts.iter().filter(|part| !is_aside(part.kind)) {
            match (&part.value, part.kind) {
                (Value::Sequence(pair), "pair") if pair.len() == 2 => match pair[0].whole_text() {
                    Some(name) => given.named.push((name.into(), pair[1].clone())),
                    None => given.open_ended = true,
                },
                (Value::Sequence(elements), "splat_argument") => given.positional.extend(elements.iter().cloned()),
                (_, "splat_argument" | "hash_splat_argument" | "forward_argument") => given.open_ended = true,
                (value, "block_argument") => given.named.push(("&".into(), value.clone())),
                (value, _) => given.positional.push(value.clone()),
            }
        }
        Value::Given(Rc::new(given))
    }

    /// What is known of the end of a name that is computed: `=` of `"#{name}="`.
    pub(super) fn end_of_name(&self, node: &Seen<'_>) -> Option<Rc<str>> {
        let list = node.part("arguments")?.node;
        let text = list.named_child(0).filter(|text| matches!(text.kind(), "string" | "delimited_symbol"))?;
        let last = text.named_child(u32::try_from(text.named_child_count().checked_sub(1)?).ok()?)?;
        (last.kind() == "string_content").then(|| self.reading.text(last))
    }
}

/// Whether the last thing that is given stands there as it is.
pub(super) fn last_is_literal(node: &Seen<'_>, given: &Given) -> bool {
    if given.positional.last().is_none_or(|last| last.whole_text().is_none()) {
        return false;
    }
    let list = node.part("arguments").map(|list| list.node);
    let last = list.and_then(|list| list.named_child(u32::try_from(list.named_child_count().checked_sub(1)?).ok()?));
    let is_plain = |text: Node<'_>| {
        let mut cursor = text.walk();
        text.named_children(&mut cursor).all(|part| part.kind() != "interpolation")
    };
    last.is_some_and(|last| last.kind() == "string" && is_plain(last))
}

/// The arguments without the first.
pub(super) fn without_first(given: &Given) -> Given {
    let positional = given.positional.iter().skip(1).cloned().collect();
    Given { positional, named: given.named.clone(), open_ended: given.open_ended }
}

/// What a call is given; the words of a command are one text.
pub(super) fn command(path: &str, given: &Given) -> Given {
    let mut given = given.clone();
    if !COMMANDS.contains(&path) || given.positional.len() < 2 {
        return given;
    }
    let words = given.positional.iter().filter(|value| matches!(value, Value::Text(_)));
    let line = words.fold(Value::text(""), |line, word| match line.whole_text() {
        Some("") => word.clone(),
        _ => line.plus(&Value::text(" ")).plus(word),
    });
    given.positional.insert(0, line);
    given
}
