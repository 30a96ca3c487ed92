//! What Java calls a file after: the public class that it declares.

/// How a program's file is called and which class is started.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// Without the ending; `None` where the text does not say.
    pub(crate) file: Option<String>,
    /// With its package.
    pub(crate) class: Option<String>,
}

/// Reads them off a Java text. What is a comment or a literal counts for nothing.
pub(crate) fn java(text: &str) -> Names {
    let words = words(text);
    let mut package = None;
    let mut public = None;
    let mut last = None;
    let mut with_main = None;
    let mut depth = 0usize;
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1);
        match word.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "package" if depth == 0 => package = next.cloned(),
            "class" | "interface" | "enum" | "record" if depth == 0 && next.is_some_and(|next| is_name(next)) => {
                last = next.cloned();
                if words[..at]
                    .iter()
                    .rev()
                    .take_while(|word| is_name(word) && *word != "import")
                    .any(|word| word == "public")
                {
                    public = next.cloned();
                }
            }
            "main" if depth <= 1 && next.is_some_and(|next| next == "(") => {
                with_main = with_main.or_else(|| last.clone())
            }
            _ => {}
        }
    }
    let class = with_main.or_else(|| public.clone()).or(last);
    let class = class.map(|class| match package {
        Some(package) => format!("{package}.{class}"),
        None => class,
    });
    Names { file: public, class }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$'))
}

/// The words and braces of a text, a name with its dots being one; annotations, comments and literals are left out.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '/' if rest.starts_with("//") => after(rest, "\n", 2),
            '/' if rest.starts_with("/*") => after(rest, "*/", 2),
            '"' if rest.starts_with("\"\"\"") => after(rest, "\"\"\"", 3),
            '"' | '\'' => behind_literal(rest, first),
            // The declaration of an annotation is that of an interface.
            '@' if declares_annotation(&rest[1..]) => &rest[1..],
            '@' => rest[1..].trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.')),
            '{' | '}' | '(' | ';' => {
                words.push(first.to_string());
                &rest[1..]
            }
            _ if first.is_alphanumeric() || matches!(first, '_' | '$') => {
                let end =
                    rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.'))).unwrap_or(rest.len());
                words.push(rest[..end].to_owned());
                &rest[end..]
            }
            _ => &rest[first.len_utf8()..],
        };
    }
    words
}

fn declares_annotation(behind_at: &str) -> bool {
    let behind = behind_at.trim_start().strip_prefix("interface");
    behind.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

fn after<'a>(text: &'a str, end: &str, from: usize) -> &'a str {
    text[from..].find(end).map_or("", |at| &text[from + at + end.len()..])
}

fn behind_literal(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return &text[at..],
            _ if character == quote => return &text[at + 1..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Option<String>, Option<String>) {
        let Names { file, class } = java(text);
        (file, class)
    }

    #[test]
    fn files_are_called_after_their_public_class() {
        let some = |file: &str, class: &str| (Some(file.to_owned()), Some(class.to_owned()));
        let only = |class: &str| (None, Some(class.to_owned()));
        assert_eq!(names("public class Hello { public static void main(String[] a) {} }"), some("Hello", "Hello"));
        assert_eq!(names("class A {} class B { static void main(String[] a) {} }"), only("B"));
        assert_eq!(
            names("package a.b;\npublic final class C { public static void main(String... a) {} }"),
            some("C", "a.b.C")
        );
        let nested =
            "public class Outer { static class Inner { void main(int x) { } } public static void main(String[] a) {} }";
        assert_eq!(names(nested), some("Outer", "Outer"));
        assert_eq!(
            names("public record Point(int x) { public static void main(String[] a) {} }"),
            some("Point", "Point")
        );
        assert_eq!(names("void main() { System.out.println(1); }"), (None, None));
        assert_eq!(
            names("@Deprecated public @interface Mark {} class Main { public static void main(String[] a) {} }"),
            some("Mark", "Main")
        );
        assert_eq!(
            names("public interface Shape {} class Main { public static void main(String[] a) {} }"),
            some("Shape", "Main")
        );
    }

    #[test]
    fn comments_and_literals_declare_nothing() {
        let text = "// public class A\n/* public class B */ @Deprecated(since = \"public class C {\")\n\
                    public class D { char c = '\"'; String s = \"\\\" public class E {\"; String t = \"\"\"\npublic class F {\n\"\"\"; \
                    public static void main(String[] a) {} }";
        assert_eq!(names(text), (Some("D".into()), Some("D".into())));
        for odd in
            ["", "class", "package", "public class", "\"", "/*", "'\\", "{{{", "}}}", "public class É { }", "\u{1F600}"]
        {
            java(odd);
        }
        assert_eq!(names("public class É { }").0, Some("É".into()));
    }
}
