//! The scanners on small strings: a rule that cannot see its violation keeps nothing.

use super::*;

fn literals(text: &str) -> Vec<String> {
    split(text).1.into_iter().map(|literal| literal.text).collect()
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = "a // unsafe {\n/* unsafe /* fn */ unsafe */ b \"unsafe {\" c 'x' d";
    let code = split(text).0;
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert_eq!(code.lines().count(), 2);
}

#[test]
fn every_form_of_literal_ends_where_it_ends() {
    assert_eq!(
        literals(r##"f("a\"b", r"c\", r#"d"e"#, b"f", br#"g"#, c"h")"##),
        ["a\\\"b", "c\\", "d\"e", "f", "g", "h"]
    );
    assert_eq!(literals("'\"' \"a\" '\\'' \"b\" '\\u{22}' \"c\""), ["a", "b", "c"]);
    assert_eq!(literals("fn f<'a>(x: &'a str, y: &'static str) { \"z\" }"), ["z"]);
    assert_eq!(literals("bar\"a\" r#type"), ["a"]);
    assert_eq!(literals("\"open"), ["open"]);
}

#[test]
fn literals_keep_their_line() {
    let (_, found) = split("\"a\nb\"\n/* \n */ \"c\"");
    assert_eq!(found.iter().map(|literal| literal.line).collect::<Vec<_>>(), [1, 4]);
}

#[test]
fn each_form_of_unsafe_is_seen() {
    for code in [
        "unsafe { f() }",
        "unsafe fn f() {}",
        "unsafe impl Send for A {}",
        "unsafe extern \"C\" {}",
        "unsafe trait A {}",
        "#[unsafe(no_mangle)]",
        "#[expect(unsafe_code, reason = \"\")]",
        "#![expect (clippy::x, unsafe_code)]",
        "#[cfg_attr(test, allow(unsafe_code))]",
        "#![warn(unsafe_code)]",
    ] {
        assert_eq!(unsafe_lines(&split(code).0), [1], "{code}");
    }
}

#[test]
fn what_only_looks_unsafe_is_not() {
    for code in [
        "#![forbid(unsafe_code)]",
        "#![deny(unsafe_op_in_unsafe_fn, unsafe_code)]",
        "let unsafely = not_unsafe;",
        "// unsafe {",
        "\"unsafe {\"",
        "/// `unsafe` is kept elsewhere",
    ] {
        assert!(unsafe_lines(&split(code).0).is_empty(), "{code}");
    }
    assert_eq!(unsafe_lines("a\nb\nunsafe {}"), [3]);
}

#[test]
fn test_modules_are_no_product() {
    let text =
        "f(\"a\");\n#[cfg(test)]\nmod tests {\n    fn g() { \"b\"; }\n}\nf(\"c\");\n#[cfg(test)]\nmod more;\nf(\"d\");";
    let (code, found) = split(text);
    let product = Product::of(&code);
    let kept: Vec<_> = found.iter().filter(|literal| product.has(literal)).map(|literal| &literal.text).collect();
    assert_eq!(kept, ["a", "c", "d"]);
}

#[test]
fn engines_are_found_inside_words() {
    let parts = |text| parts_of_words(text).collect::<Vec<_>>();
    assert_eq!(parts("DockerHost docker_host DOCKER_HOST"), ["docker", "host", "docker", "host", "docker", "host"]);
    assert_eq!(parts("alternative: imaginative"), ["alternative", "imaginative"]);
    assert_eq!(parts("the \"native\" one"), ["the", "native", "one"]);
}

#[test]
fn a_shell_is_seen_where_it_would_be_started() {
    for text in ["sh", "/bin/sh", "/usr/bin/sh -c", "sh -c {code}"] {
        assert_eq!(program(text), "sh", "{text}");
    }
    for text in ["user:x:1:1::/:/bin/sh\\n", "push", "the sh", ""] {
        assert_ne!(program(text), "sh", "{text}");
    }
}

#[test]
fn only_blocks_that_rustdoc_compiles_are_examples() {
    assert!(has_rust_example("a\n```\nlet x = 1;\n```"));
    assert!(has_rust_example("```text\na\n```\n```rust,no_run\nb\n```"));
    assert!(!has_rust_example("```text\nlet x = 1;\n```"));
    assert!(!has_rust_example("```ignore\nlet x = 1;\n```\n"));
    assert!(!has_rust_example("no example"));
}
