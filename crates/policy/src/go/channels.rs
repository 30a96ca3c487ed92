//! Channels: lists of what is sent over them, in which something stands first that tells them from other lists.

use super::Go;
use crate::flow::sequences::grown;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

const MARK: &str = "chan";

impl Go {
    /// `channel <- value`.
    pub(super) fn send(&mut self, node: &Seen<'_>) {
        let Some(channel) = node.part("channel").filter(|channel| channel.kind == "identifier") else { return };
        let after = channel
            .value
            .map(|channel| if is_channel(channel) { grown(channel, [node.value("value")]) } else { Value::Unknown });
        let name = self.reading.text(channel.node);
        if !after.is_unknown() {
            self.reading.scopes.grow(&name, after);
        }
    }

    /// `&x`, `*x`, `<-x`.
    pub(super) fn unary(&self, node: &Seen<'_>) -> Value {
        let operand = node.value("operand");
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        if operator.as_deref() == Some("<-") { operand.map(received) } else { operand }
    }
}

pub(super) fn empty() -> Value {
    Value::sequence(vec![Value::named(MARK)])
}

pub(super) fn is_channel(value: &Value) -> bool {
    match value {
        Value::Sequence(elements) => elements.first().and_then(Value::as_named).is_some_and(|mark| &*mark.path == MARK),
        _ => false,
    }
}

/// What comes out of a channel.
pub(super) fn received(channel: &Value) -> Value {
    match channel {
        Value::Sequence(elements) if is_channel(channel) => Value::each(elements.iter().skip(1).cloned()),
        _ => Value::Unknown,
    }
}
