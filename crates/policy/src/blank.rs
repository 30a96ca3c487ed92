use tree_sitter::Tree;

use crate::budget::{Budget, Spending};
use crate::flow::parse::parse;
use crate::language::Language;
use crate::scan::grammar;

/// The code with its comments made blanks, so that every byte of code stays where it is. Strings are kept.
///
/// Where the code cannot be parsed within the budget's time, nothing is made blank.
pub fn blank_comments(code: &str, language: Language, budget: &Budget) -> String {
    let mut spending = Spending::new(budget);
    match parse(code.as_bytes(), &grammar(language), &mut spending) {
        Some(tree) => blank(code, &tree, &mut spending),
        None => code.to_owned(),
    }
}

/// The same of code that has been parsed.
pub(crate) fn blank(code: &str, tree: &Tree, spending: &mut Spending) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        let node = cursor.node();
        if matches!(
            node.kind(),
            "comment" | "html_comment" | "hash_bang_line" | "line_comment" | "block_comment" | "uninterpreted"
        ) {
            for byte in bytes[node.byte_range()].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
                *byte = b' ';
            }
        } else if spending.node(depth) && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while spending.gave_up().is_some() || !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return String::from_utf8(bytes).unwrap_or_else(|_| code.to_owned());
            }
            depth -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::blank_comments;
    use crate::{Budget, Language};

    #[test]
    fn comments_become_blanks_and_strings_stay() {
        let code = "x = '# no'  # é yes\n# y\nz = 1\n";
        let blanked = blank_comments(code, Language::Python, &Budget::default());
        assert_eq!(blanked, "x = '# no'          \n   \nz = 1\n");
        let code = "a(); // b\n/* c\n d */ e(\"// f\", /[/]*/);\n";
        let blanked = blank_comments(code, Language::JavaScript, &Budget::default());
        assert_eq!(blanked, "a();     \n    \n      e(\"// f\", /[/]*/);\n");
        let code = "a(); // b\n/* c\n d */ e(\"// f\");\n";
        for language in [Language::Java, Language::Go] {
            assert_eq!(blank_comments(code, language, &Budget::default()), "a();     \n    \n      e(\"// f\");\n");
        }
        let code = "a # b\n=begin\nc\n=end\n'# d'\n__END__\ne\n";
        let blanked = blank_comments(code, Language::Ruby, &Budget::default());
        assert_eq!(blanked, "a    \n      \n \n    \n'# d'\n__END__\n \n");
        let blanked = blank_comments("a # b\n'# c'\n", Language::R, &Budget::default());
        assert_eq!(blanked, "a    \n'# c'\n");
    }
}
