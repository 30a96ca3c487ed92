//! A value of the config file in the form of the command line.

use std::ffi::OsString;

use llm_sandbox::Error;
use serde_json::Value;
use toml::{Spanned, de::DeValue};

use super::{
    origin::Origin,
    setting::{Form, Setting},
};

/// A value that its setting does not take.
#[derive(Debug)]
pub(super) struct Misfit {
    at: usize,
    reason: String,
    remedy: &'static str,
}

impl Misfit {
    /// The error, told with its place.
    pub(super) fn at(self, origin: impl FnOnce(usize) -> Origin) -> Error {
        Error::invalid(origin(self.at).to_string(), self.reason).with_remedy(self.remedy)
    }
}

/// The words that would say the same on the command line, each with its place in the file.
pub(super) fn words(setting: &Setting, value: &Spanned<DeValue<'_>>) -> Result<Vec<(usize, OsString)>, Misfit> {
    let misfit = |value: &Spanned<DeValue<'_>>, remedy| {
        let reason = format!("{} cannot be {}", setting.name, described(value.get_ref()));
        Misfit { at: value.span().start, reason, remedy }
    };
    let word = |value: &Spanned<DeValue<'_>>, text: Option<String>, remedy| match text {
        Some(text) => Ok((value.span().start, text.into())),
        None => Err(misfit(value, remedy)),
    };
    match (&setting.form, value.get_ref()) {
        (Form::Flag(_), DeValue::Boolean(is_set)) => Ok(vec![(value.span().start, is_set.to_string().into())]),
        (Form::Flag(_), _) => Err(misfit(value, "write true or false")),
        (Form::Text(_) | Form::Path(_), one) => {
            Ok(vec![word(value, plain_text(one), "write a text or a number, such as \"512m\" or 10")?])
        }
        (Form::List(_), DeValue::Array(items)) => {
            let remedy = "write texts";
            items.iter().map(|item| word(item, item.get_ref().as_str().map(str::to_owned), remedy)).collect()
        }
        (Form::List(_), _) => Err(misfit(value, "write a list of texts in [ ]")),
        (Form::Table(_), DeValue::Table(items)) => {
            let item = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                let text = if setting.name == "env" { plain_text(value.get_ref()) } else { json_text(value.get_ref()) };
                let text = text.map(|text| format!("{}={text}", name.get_ref()));
                word(value, text, "write a text or a number")
            };
            items.iter().map(item).collect()
        }
        (Form::Table(_), _) => Err(misfit(value, "write a table, such as { NAME = \"value\" }")),
    }
}

fn described(value: &DeValue<'_>) -> String {
    match value.type_str() {
        kind if kind.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {kind}"),
        kind => format!("a {kind}"),
    }
}

/// A text or number as it would be typed.
fn plain_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// Any value that JSON has, too.
fn json_text(value: &DeValue<'_>) -> Option<String> {
    json(value).map(|value| value.to_string())
}

fn json(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::from(text.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().ok().map(Value::from),
        DeValue::Boolean(is_true) => Some(Value::from(*is_true)),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect::<Option<_>>().map(Value::Array),
        DeValue::Table(items) => {
            let item = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                Some((name.get_ref().to_string(), json(value.get_ref())?))
            };
            items.iter().map(item).collect::<Option<_>>().map(Value::Object)
        }
        DeValue::Datetime(_) => None,
    }
}
