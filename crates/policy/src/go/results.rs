//! What is known of what a call gives.

use crate::flow::value::{Given, Named, Text, Value};

/// Letters of a name that is made of calls of what calls give.
const LONGEST: usize = 200;

/// Functions and methods that give a value of a type that matters.
const GIVES: [(&str, &str); 22] = [
    ("os/exec.Command", "os/exec.Cmd"),
    ("os/exec.CommandContext", "os/exec.Cmd"),
    ("os.FindProcess", "os.Process"),
    ("os.StartProcess", "os.Process"),
    ("os.Open", "os.File"),
    ("os.Create", "os.File"),
    ("os.OpenFile", "os.File"),
    ("os.CreateTemp", "os.File"),
    ("net.Dial", "net.Conn"),
    ("net.DialTimeout", "net.Conn"),
    ("net.Listen", "net.Listener"),
    ("net.Listener.Accept", "net.Conn"),
    ("net/http.NewRequest", "net/http.Request"),
    ("net/http.NewRequestWithContext", "net/http.Request"),
    ("net/http.NewServeMux", "net/http.ServeMux"),
    ("plugin.Open", "plugin.Plugin"),
    ("plugin.Plugin.Lookup", "plugin.Symbol"),
    ("bytes.NewBufferString", "bytes.Buffer"),
    ("bytes.NewBuffer", "bytes.Buffer"),
    ("syscall.LoadDLL", "syscall.DLL"),
    ("syscall.NewLazyDLL", "syscall.LazyDLL"),
    ("syscall.LazyDLL.NewProc", "syscall.LazyProc"),
];

/// What calling `named` gives.
pub(super) fn of(named: &Named, given: &Given) -> Value {
    let about = named.about.clone().or_else(|| text_of(&given.get(0)));
    if let Some((_, class)) = GIVES.iter().find(|(function, _)| *function == &*named.path) {
        let is_made_of_it = matches!(*class, "os.File" | "bytes.Buffer");
        return Value::about(*class, about.filter(|_| is_made_of_it));
    }
    if named.path.len() > LONGEST {
        return Value::Unknown;
    }
    Value::about(format!("{}()", named.path), about)
}

/// The text that a value is or was made of.
fn text_of(value: &Value) -> Option<Text> {
    value.alternatives().iter().find_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Named(named) => named.about.clone(),
        _ => None,
    })
}
