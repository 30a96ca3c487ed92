//! Methods that run code which they are given as a text.

use std::ops::Range;

use super::Ruby;
use crate::flow::value::{Given, Value};

/// What a handler of a signal may be called that is no code.
const HANDLERS: [&str; 8] = ["EXIT", "IGNORE", "SIG_IGN", "DEFAULT", "SIG_DFL", "SYSTEM_DEFAULT", "IGN", "DFL"];

impl Ruby {
    /// Looks later into the code that a call runs.
    pub(super) fn run_code(&mut self, path: &str, given: &Given, span: &Range<usize>) {
        let is_given = !given.positional.is_empty() || given.open_ended;
        match path {
            "eval"
            | "RubyVM::InstructionSequence.compile"
            | "RubyVM::InstructionSequence.new"
            | "TOPLEVEL_BINDING.eval"
                if is_given =>
            {
                self.reading.run(path, &given.get(0), span);
            }
            "trap" | "trace_var" => {
                let text = given.get(1);
                if text.whole_text().is_some_and(|text| !HANDLERS.contains(&text)) {
                    self.reading.run(path, &text, span);
                }
            }
            "ERB.new" => {
                if let Some(template) = given.get(0).whole_text() {
                    self.reading.run(path, &Value::text(code_of_template(template)), span);
                }
            }
            _ => {}
        }
    }
}

/// The code between `<%` and `%>`, a line for each piece.
fn code_of_template(template: &str) -> String {
    let pieces = template.split("<%").skip(1).filter_map(|piece| piece.split("%>").next());
    let code = pieces.filter(|piece| !piece.starts_with(['#', '%']));
    code.map(|piece| piece.trim_start_matches(['=', '-']).trim_end_matches('-')).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::code_of_template;

    #[test]
    fn templates_have_code_between_marks() {
        assert_eq!(code_of_template("a <%= b -%> c <%# d %><% e %>"), " b \n e ");
    }
}
