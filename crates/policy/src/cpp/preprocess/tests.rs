use super::preprocess;
use crate::budget::{Budget, Spending};
use crate::facts::Fact;

fn left(code: &str) -> String {
    let mut spending = Spending::new(&Budget::default());
    let done = preprocess(code.as_bytes(), 0, &mut spending);
    assert_eq!(spending.gave_up(), None, "{code}");
    String::from_utf8(done.output.text).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

const MACROS: [(&str, &str); 16] = [
    ("#define A b\nA;", "b ;"),
    ("#define A(x) x ## tem\nA(sys)(1);", "system (1);"),
    ("#define S(x) #x\nS(a  b \"c\\n\");", "\"a b \\\"c\\\\n\\\"\" ;"),
    ("#define C(a, b) a##b\n#define D(a, b) C(a, b)\n#define L sys\nD(L, tem) C(L, tem)", "system Ltem"),
    ("#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)", "2 * 9 * g"),
    ("#define F(x, ...) h(x, ##__VA_ARGS__)\nF(1) F(1, 2, 3)", "h( 1) h( 1,2, 3)"),
    ("#define F(...) h(1 __VA_OPT__(,) __VA_ARGS__)\nF() F(2)", "h( 1 ) h( 1 , 2)"),
    ("#define a a b\na", "a b"),
    ("#define E\n#define X(a, b) a ## b\nX(, y) X(x, ) X(E, E)", "y x EE"),
    ("int a; // b\nint /* c */ d; \"// e\" R\"x(/* )\" */)x\"", "int a; int d; \"// e\" R\"x(/* )\" */)x\""),
    ("%:define A <% x<:1:> %>\nA", "{ x [ 1 ] }"),
    ("#def\\\nine A b\nA sys\\\ntem", "b system"),
    ("f(std::vector<::a>)", "f(std::vector<::a>)"),
    ("#define A(x) x\nA\n(\n1\n)\nB", "1 B"),
    ("#define A(x) x\nint A;", "int A;"),
    ("#define EMPTY\n#define A() 1\nA EMPTY ()", "A ()"),
];

#[test]
fn macros_are_expanded_as_by_a_compiler() {
    for (code, expected) in MACROS {
        let squeeze = |text: &str| text.replace(' ', "");
        assert_eq!(squeeze(&left(code)), squeeze(expected), "{code}");
    }
}

#[test]
fn branches_are_left_out_that_are_not_compiled() {
    for (code, expected) in [
        ("#if 0\na\n#else\nb\n#endif", "b"),
        ("#if 1\na\n#else\nb\n#endif", "a"),
        ("#if X\na\n#elif 0\nb\n#else\nc\n#endif d", "a c"),
        ("#if 0\n#if 1\na\n#endif\n#else\nb\n#endif\nc", "b c"),
        ("#if 0\ndon't \"\n#endif\nc", "c"),
        ("#define A 0\n#if A\na\n#endif\n#ifdef A\nb\n#endif\n#if !defined(A) || 1 + 1 == 3\nc\n#endif", "b"),
        ("#ifdef _WIN32\na\n#else\nb\n#endif", "b"),
        ("#if defined(_WIN32) && X\na\n#elif __has_include(<x>)\nb\n#endif", "b"),
        ("#if (1 ? 0 : 1)\na\n#endif", "a"),
        ("#if !(2 > 1) && -1 < 0\na\n#else\nb\n#endif", "b"),
    ] {
        assert_eq!(left(code), expected, "{code}");
    }
}

#[test]
fn macros_that_may_be_one_thing_or_another_have_alternatives() {
    let code = b"#ifdef X\n#define A sys\n#else\n#define A tem\n#endif\nA";
    let mut spending = Spending::new(&Budget::default());
    let texts: Vec<_> = (0..3).map(|choice| preprocess(code, choice, &mut spending)).collect();
    assert_eq!(texts[0].alternatives, 3);
    let texts: Vec<_> = texts.iter().map(|done| String::from_utf8_lossy(&done.output.text).trim().to_owned()).collect();
    assert_eq!(texts, ["A", "sys", "tem"]);
}

#[test]
fn headers_are_found_however_they_are_written() {
    for (code, expected) in [
        ("#include <a.h>", "a.h"),
        ("  # /* x */ include /* y */ \"a/b.h\" // z", "a/b.h"),
        ("#inc\\\nlude <a\\\n.h>", "a.h"),
        ("%:include <a.h>", "a.h"),
        ("#define H <a.h>\n#include H", "a.h"),
        ("#define S(x) #x\n#define H(x) S(x.h)\n#include H(a)", "a.h"),
        ("#import <a.h>", "a.h"),
        ("import std;", "std"),
        ("export import std.compat;", "std.compat"),
        ("import <a.h>;", "a.h"),
        ("#include </usr/include/./x/../a.h>", "a.h"),
    ] {
        let mut spending = Spending::new(&Budget::default());
        let done = preprocess(code.as_bytes(), 0, &mut spending);
        let found = done.found.iter().filter_map(|found| match &found.fact {
            Fact::Import { module, .. } => Some(module.as_str()),
            _ => None,
        });
        assert_eq!(found.collect::<Vec<_>>(), [expected], "{code}");
    }
    for code in ["\"#include <a.h>\"", "// #include <a.h>", "#if __has_include(<a.h>)\n#endif", "int import = 1;"] {
        let mut spending = Spending::new(&Budget::default());
        assert!(preprocess(code.as_bytes(), 0, &mut spending).found.is_empty(), "{code}");
    }
}

#[test]
fn what_macros_make_comes_from_where_they_are_called() {
    let code = "#define RUN(x) system(x)\nint main() { RUN(\"id\"); }\n";
    let mut spending = Spending::new(&Budget::default());
    let done = preprocess(code.as_bytes(), 0, &mut spending);
    let at = String::from_utf8_lossy(&done.output.text).find("system").unwrap();
    let origin = done.output.origin(&(at..at + 6));
    assert_eq!(&code[origin], "RUN");
    let at = String::from_utf8_lossy(&done.output.text).find("main").unwrap();
    assert_eq!(&code[done.output.origin(&(at..at + 4))], "main");
}

/// A snippet without what only headers tell: what they define, and whether a branch is compiled.
fn without_headers(snippet: &str) -> Option<String> {
    let (_, code) = snippet.split_once('\n')?;
    let loads =
        ["include", "import", "embed", "inc\\", "lude", "#ifdef", "#ifndef", "#elif", "__has_include", "pragma"];
    let predefined = ["__asm", "__CONCAT", "typeof", "__FILE__", "defined(", "alignof", "inc\\"];
    let has_own_words = loads[5..].iter().chain(&predefined).any(|word| code.contains(word));
    let lines = code.lines().filter(|line| !loads[..5].iter().any(|word| line.contains(word)));
    (!has_own_words).then(|| lines.map(|line| format!("{line}\n")).collect())
}

#[test]
fn the_compiler_leaves_the_same() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let run = |code: &str| -> Option<String> {
        let mut command = Command::new("g++");
        command.args(["-E", "-P", "-w", "-std=c++20", "-x", "c++", "-"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        child.stdin.take()?.write_all(code.as_bytes()).ok()?;
        let output = child.wait_with_output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    if run("int x;").is_none() {
        return println!("NOT RUN: the_compiler_leaves_the_same: there is no g++ that works");
    }
    let squeeze = |text: &str| text.replace("<%", "{").replace("%>", "}").split_whitespace().collect::<String>();
    let squeeze = |text: &str| squeeze(text).replace("<:", "[").replace(":>", "]");
    let snippets = include_str!("../../../tests/corpus/cpp.txt").split("### ").filter_map(without_headers);
    let (mut compared, mut different) = (0, Vec::new());
    for code in snippets.chain(MACROS.iter().map(|(code, _)| (*code).to_owned())) {
        let mut spending = Spending::new(&Budget::default());
        let found = preprocess(code.as_bytes(), 0, &mut spending);
        let Some(expected) = run(&code).filter(|_| spending.gave_up().is_none()) else { continue };
        compared += 1;
        let found = String::from_utf8_lossy(&found.output.text).into_owned();
        if squeeze(&found) != squeeze(&expected) {
            different.push(format!("{code}is to us\n{found}and to g++\n{expected}"));
        }
    }
    println!("policy: cpp: the same text as g++ in {} of {compared} snippets", compared - different.len());
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}
