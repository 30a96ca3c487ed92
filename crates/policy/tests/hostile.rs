//! Sources that are broken, deep, or made to hold a scan up.

use std::time::{Duration, Instant};

use llm_sandbox_policy::{GaveUp, Language, Report, security_policy};

/// Scans within the budget, whatever the source is.
fn scan(code: &[u8], language: Language) -> Report {
    let mut policy = security_policy("production").expect("there is such a policy");
    policy.budget.time = Duration::from_millis(500);
    let began = Instant::now();
    let report = policy.scan(code, language);
    assert!(began.elapsed() < Duration::from_secs(5), "{language}: {:?}", began.elapsed());
    report
}

/// A megabyte of each sort of nesting, closed and not.
fn nest_deeply(language: Language) {
    let half = 1 << 19;
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{", "}"), ("-", ""), ("a.", ""), ("f(", ")"), ("not ", ""), ("x=", "")]
    {
        let times = half / open.len();
        scan(format!("{}1{}", open.repeat(times), close.repeat(times)).as_bytes(), language);
        scan(open.repeat(2 * times).as_bytes(), language);
    }
}

macro_rules! deep_sources_exhaust_nothing {
    ($($name:ident: $language:ident,)*) => {
        mod deep_sources_exhaust_nothing {
            use super::{Language, nest_deeply};

            $(#[test]
            fn $name() {
                nest_deeply(Language::$language);
            })*

            #[test]
            fn in_any_language() {
                assert_eq!(Language::ALL, [$(Language::$language),*]);
            }
        }
    };
}

deep_sources_exhaust_nothing! {
    python: Python,
    javascript: JavaScript,
    cpp: Cpp,
    ruby: Ruby,
    r: R,
    java: Java,
    go: Go,
}

#[test]
fn what_follows_deep_code_is_seen_or_the_scan_says_so() {
    for levels in [10, 100, 1000, 10_000] {
        let code = format!("x = {}1{}\nimport subprocess\n", "(".repeat(levels), ")".repeat(levels));
        let report = scan(code.as_bytes(), Language::Python);
        assert!(!report.is_safe(), "{levels}");
    }
}

#[test]
fn broken_sources_are_read_as_far_as_it_goes() {
    let code = b"def f(:\n  x = = 3\n\xff\xfe\x00\nimport os\nos.system('id')\n\"\"\"never closed";
    let report = scan(code, Language::Python);
    assert!(report.is_broken && !report.is_safe(), "{report:?}");
    let code = b"function ( { \xff\n}\nrequire('child_process').exec('id')\n`never closed";
    assert!(!scan(code, Language::JavaScript).is_safe());
    let code =
        b"\xef\xbb\xbfint f( { \xff\xfe\x00 \r\n}\r\n#define X(\r\nint main() { system(\"id\"); \r\nR\"x(never closed";
    assert!(!scan(code, Language::Cpp).is_safe());
    let code = b"def f(\n  x = = 3\n\xff\xfe\x00\nrequire 'open3'\nsystem('id')\n<<~A\nnever closed";
    assert!(!scan(code, Language::Ruby).is_safe());
    let code = b"f <- function(x {\n  y = = 3\n\xff\xfe\x00\nlibrary(sys)\nsystem('id')\n'never closed";
    assert!(!scan(code, Language::R).is_safe());
    let code = b"class { \xff void ( = 3 }\nRuntime.getRuntime().exec(\"id\");\nString s = \"never closed";
    assert!(!scan(code, Language::Java).is_safe());
    let code = b"package main\nfunc ( { \xff\n}\nfunc f() { os.RemoveAll(\"/etc\") }\nvar x = `never closed";
    assert!(!scan(code, Language::Go).is_safe());
}

#[test]
fn calls_without_what_they_need_can_be_scanned() {
    for code in ["a = append()", "x := []int{}; x = append(x...)", "len(); make(); new(); copy(); strings.Join()"] {
        scan(code.as_bytes(), Language::Go);
    }
}

#[test]
fn every_beginning_of_a_program_can_be_scanned() {
    let programs = [
        (Language::Python, "import os\nfor m in [os]:\n  exec(f\"m.{'sys' + 'tem'}('x')\"); x = {'a': [1, *y], **z}\n"),
        (
            Language::JavaScript,
            "const { a: [b, ...c] = [], ...d } = require(`x${1 + 2}`); class A { #x = eval('1'); }\n",
        ),
        (
            Language::Cpp,
            "#if X(1) && defined(Y)\n#define A(a, ...) a ## b #a __VA_OPT__(c)\n#endif\n%:include A(<x>)\nstruct S : T<int> { S() \
             : f{\"\\x41\"} {} std::ofstream f; }; int main() { auto [x, y] = A(R\"z(q)z\", 1'0u); ((F)0x1)(); }\n",
        ),
        (
            Language::Ruby,
            "class A < B\n  def f(a, *b, c: 1, &d) = send(:\"sys#{a}\", <<~E, %w[x y]) { |x, (y, z)| yield x }\n    #{a}\n  E\nend\n",
        ),
        (
            Language::R,
            "f <- function(a, ..., b = list(1, x = 'y')) { get(paste0('sys', a))(b[[1]]$x) } -> `g h`; x |> f(_) %>% { .$y@z }\n",
        ),
        (
            Language::Java,
            "import static a.B.*; class A<T> extends B { int[] x = {1, '\\u0041'}; @C(d = 2) A(T... y) { this.x[0] = y::z; } }\n",
        ),
        (
            Language::Go,
            "import ( . \"os\"; x `os/exec` )\nfunc (t *T[U]) f(a, b ...int) (c error) { d, e := map[K]V{1: {2}}, <-f; defer g() }\n",
        ),
    ];
    for (language, program) in programs {
        for end in 0..program.len() {
            scan(&program.as_bytes()[..end], language);
        }
    }
}

#[test]
fn code_within_code_ends() {
    let mut code = String::from("import os");
    for _ in 0..12 {
        code = format!("exec({code:?})");
    }
    let report = scan(code.as_bytes(), Language::Python);
    assert!(!report.is_safe());
    let mut code = String::from("require 'open3'");
    for _ in 0..12 {
        code = format!("eval({code:?})");
    }
    assert!(!scan(code.as_bytes(), Language::Ruby).is_safe());
    let mut code = String::from("library(sys)");
    for _ in 0..12 {
        code = format!("eval(parse(text = {code:?}))");
    }
    assert!(!scan(code.as_bytes(), Language::R).is_safe());
}

#[test]
fn macros_that_grow_are_cut_and_found() {
    let doubling: String = (0..60).map(|n| format!("#define A{n} A{next} A{next}\n", next = n + 1)).collect();
    let called: String = (0..60).map(|n| format!("#define F{n}(x) F{next}(x x) F{next}(x)\n", next = n + 1)).collect();
    let pasted: String = (0..60).map(|n| format!("#define P{n}(x) P{next}(x##x)\n", next = n + 1)).collect();
    for code in [
        format!("{doubling}int x = A0;"),
        format!("{called}int x = F0(1);"),
        format!("{pasted}#define P60(x) #x\nchar x[] = P0(aaaaaaaa);"),
        format!("#define F(x) F(x)\n{}1{}", "F(".repeat(200_000), ")".repeat(200_000)),
        format!("#define F(x) x\n{}", "F(".repeat(200_000)),
        format!("#define F(x) x x\n{}1{}", "F(".repeat(2000), ")".repeat(2000)),
        "#define F(x, ...) F(__VA_ARGS__) x\n#define G F(F(F(F(F(F(F(F(1, 2), 3), 4), 5), 6), 7), 8), 9)\nG G G"
            .to_owned(),
        format!("#if {}1\nint x;\n#endif", "(1 + ".repeat(100_000)),
        "#if X\n".repeat(100_000) + "#define A 1\nA",
        "#define ".to_owned() + &"a".repeat(1 << 20),
        format!("{}\nint x;", "\\\n".repeat(300_000)),
        format!("R\"{}", "(".repeat(1 << 20)),
    ] {
        scan(code.as_bytes(), Language::Cpp);
    }
    let report = scan(format!("{doubling}int x = A0;").as_bytes(), Language::Cpp);
    assert!(report.gave_up.is_some() && !report.is_safe());
}

#[test]
fn values_that_multiply_take_no_more_memory_than_a_scan_may() {
    let long: String = (0..4096).map(|number| format!("{number},")).collect();
    for more in ["a[:]", "list(enumerate(a))", "[*a]"] {
        let copies: String = (0..20_000).map(|number| format!("x{number} = {more}\n")).collect();
        let mut policy = security_policy("production").expect("there is such a policy");
        policy.budget.time = Duration::from_secs(60);
        let report = policy.scan(format!("a = [{long}]\n{copies}"), Language::Python);
        assert_eq!(report.gave_up, Some(GaveUp::Memory), "{more}");
    }
}

#[test]
fn values_that_grow_are_cut() {
    let mut code = String::from("a = 'x' * 1000\nb = [1]\n");
    for _ in 0..100 {
        code += "a = a + a\nb = [b, b, b]\nb = b + b\nc = '%s%s' % (a, a)\nd = ''.join([a, a, a])\n";
    }
    let report = scan(code.as_bytes(), Language::Python);
    assert!(report.is_safe(), "{:?} {:?}", report.gave_up, report.violations.first());
    let mut code = String::from("a = 'x' * 1000\nb = [1]\n");
    for _ in 0..100 {
        code += "a = a + a\na << a\nb = [b, b, b]\nb = b + b\nb << b\nc = '%s%s' % [a, a]\nd = [a, a, a].join\n";
    }
    let report = scan(code.as_bytes(), Language::Ruby);
    assert!(report.is_safe(), "{:?} {:?}", report.gave_up, report.violations.first());
    let mut code = String::from("a <- strrep('x', 60)\nb <- list(1)\n");
    for _ in 0..100 {
        code += "a <- paste0(a, a)\nb <- list(b, b, b)\nb <- c(b, b)\nb[[2]] <- b\nc <- sprintf('%s%s', a, a)\nd <- paste(b, a, b)\n";
    }
    let report = scan(code.as_bytes(), Language::R);
    assert!(report.is_safe(), "{:?} {:?}", report.gave_up, report.violations.first());
    let lines = "a.append(a); b.add(b); c += c + a.toString(); d = List.of(d, d, d);\n".repeat(2000);
    let code = format!(
        "StringBuilder a = new StringBuilder(\"x\"); List b = new ArrayList(); String c = \"y\"; Object d = 1;\n{lines}"
    );
    assert!(scan(code.as_bytes(), Language::Java).gave_up.is_none_or(|reason| reason == GaveUp::Time));
    let lines =
        "a.WriteString(a.String()); b = append(b, b...); c += c + a.String(); d = []any{d, d, d}\n".repeat(2000);
    let code = format!("var a strings.Builder\nb := []string{{\"x\"}}\nc := \"y\"\nvar d any\n{lines}");
    assert!(scan(code.as_bytes(), Language::Go).gave_up.is_none_or(|reason| reason == GaveUp::Time));
    let code = format!("x = {}\n", vec!["'a'"; 20_000].join(" + "));
    let gave_up = scan(code.as_bytes(), Language::Python).gave_up;
    assert!(matches!(gave_up, None | Some(GaveUp::Time | GaveUp::Memory)), "{gave_up:?}");
}

#[test]
fn facts_that_multiply_are_bounded() {
    let names: Vec<_> = (0..4000).map(|number| format!("A{number}.b")).collect();
    let names = names.join(", ");
    let times = 20_000;
    let budget = llm_sandbox_policy::Budget { time: Duration::from_millis(500), ..Default::default() };
    for (language, code) in [
        (Language::Python, format!("import os as A1\nfor f in [{names}]:\n{}", " f(1)\n".repeat(times))),
        (Language::JavaScript, format!("for (const f of [{names}]) {{ {} }}", "f(1);\n".repeat(times))),
        (Language::Ruby, format!("fs = [{}]\n{}", names.replace(".b", ""), "fs.map(&:a)\n".repeat(times))),
        (Language::R, format!("for (f in list({})) {{ {} }}", names.replace(".b", ""), "f(1)\n".repeat(times))),
        (Language::Ruby, format!("a = 'x' * 4000\nf({}1)\n", "a, ".repeat(200_000))),
        (Language::Python, format!("a = 'x' * 4000\nf({}1)\n", "a, ".repeat(200_000))),
    ] {
        let began = Instant::now();
        let found = llm_sandbox_policy::facts(&code, language, &budget);
        assert!(began.elapsed() < Duration::from_secs(5), "{language}: {:?}", began.elapsed());
        assert!(found.found.len() < 1_000_000, "{language}: {}", found.found.len());
    }
}

#[test]
fn a_budget_holds_and_is_reported() {
    let mut policy = security_policy("production").expect("there is such a policy");
    let code = "x = f(1, 2, [3, 4])\n".repeat(20_000);
    policy.budget.nodes = 1000;
    assert_eq!(policy.scan(&code, Language::Python).gave_up, Some(GaveUp::Nodes));
    policy.budget = llm_sandbox_policy::Budget { time: Duration::from_millis(1), ..Default::default() };
    let report = policy.scan(&code, Language::Python);
    assert_eq!(report.gave_up, Some(GaveUp::Time));
    assert!(!report.is_safe());
    policy.budget = llm_sandbox_policy::Budget { depth: 5, ..Default::default() };
    assert_eq!(policy.scan("x = ((((((1))))))", Language::Python).gave_up, Some(GaveUp::Depth));
}

#[test]
fn sources_of_one_token_or_of_no_text_can_be_scanned() {
    let alone: [&[u8]; 9] = [b"\\u0041", b"\\u", b"\"\\", b"'", b"`", b"//go:", b"\xef\xbb\xbf", b"\xff\xfea\0", b"/*"];
    for language in Language::ALL {
        for bytes in alone {
            scan(bytes, language);
            scan(&bytes.repeat(1 << 16), language);
        }
    }
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

#[test]
fn mutilated_programs_can_be_scanned() {
    let corpora = [
        (Language::Python, include_str!("corpus/python.txt")),
        (Language::JavaScript, include_str!("corpus/javascript.txt")),
        (Language::Cpp, include_str!("corpus/cpp.txt")),
        (Language::Ruby, include_str!("corpus/ruby.txt")),
        (Language::R, include_str!("corpus/r.txt")),
        (Language::Java, include_str!("corpus/java.txt")),
        (Language::Go, include_str!("corpus/go.txt")),
    ];
    let mut numbers = Numbers(7);
    for (language, corpus) in corpora {
        for _ in 0..1500 {
            let start = numbers.below(corpus.len());
            let mut code = corpus.as_bytes()[start..(start + 300).min(corpus.len())].to_vec();
            for _ in 0..numbers.below(8) {
                let (at, from) = (numbers.below(code.len()), numbers.below(corpus.len()));
                let piece = &corpus.as_bytes()[from..(from + numbers.below(12)).min(corpus.len())];
                let end = (at + numbers.below(6)).min(code.len());
                code.splice(at..end, piece.iter().copied());
            }
            if numbers.below(4) == 0 {
                let at = numbers.below(code.len());
                code.insert(at, u8::try_from(numbers.below(256)).unwrap_or_default());
            }
            scan(&code, language);
        }
    }
}

/// A program with literals nested in each other around a heredoc, and a call after it.
fn heredoc_in_literals(literals: usize, name: &str) -> String {
    format!("x = {}<<{name}\na\n{name}\n{}\nsystem('ls')\n", "\"#{".repeat(literals), "}\"".repeat(literals))
}

/// The scan sees the call at the end, or says that it has not seen all.
fn assert_sees_the_end(code: &str) {
    let report = scan(code.as_bytes(), Language::Ruby);
    let last_line = code.lines().count();
    let is_seen = report.violations.iter().any(|violation| violation.line == last_line);
    assert!(is_seen || report.gave_up == Some(GaveUp::Parser), "{report:?}: {code}");
}

#[test]
fn more_literals_and_heredocs_than_the_grammar_keeps_end_nothing_and_hide_nothing() {
    for literals in 195..=206 {
        for length in 1..=12 {
            assert_sees_the_end(&heredoc_in_literals(literals, &"A".repeat(length)));
        }
    }
    for length in [250, 254, 255, 256, 257, 300, 511, 512, 600, 1010, 1020, 1030, 5000] {
        let name = "A".repeat(length);
        assert_sees_the_end(&heredoc_in_literals(0, &name));
        for begun in ["-", "~", "\"", "'", "`"] {
            let quote = begun.trim_matches(['-', '~']);
            assert_sees_the_end(&format!("x = <<{begun}{name}{quote}\ntext\n{name}\nsystem('ls')\n"));
        }
    }
    for depth in (250..260).chain(505..515) {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        assert_sees_the_end(&format!("x = %Q({open}#{{1}}{close})\nsystem('ls') # )\n"));
    }
}

#[test]
fn a_heredoc_that_the_grammar_loses_hides_nothing() {
    let names: Vec<_> = (10..21).map(|number| format!("N{number}{}", "x".repeat(90))).collect();
    let begun: Vec<_> = names.iter().map(|name| format!("<<{name}")).collect();
    for (open, close) in [("\"", "\""), ("%q(", ")"), ("=begin", "=begin\n=end"), ("__END__", "")] {
        let bodies: String = names.iter().map(|name| format!("{open}\n{name}\n")).collect();
        let code = format!("x = [{}]\n{bodies}system('ls')\n# {close}\n", begun.join(", "));
        assert_eq!(scan(code.as_bytes(), Language::Ruby).gave_up, Some(GaveUp::Parser), "{code}");
        let evaluated = format!("eval({code:?})");
        assert_eq!(scan(evaluated.as_bytes(), Language::Ruby).gave_up, Some(GaveUp::Parser), "{evaluated}");
    }
}

#[test]
fn what_is_no_heredoc_is_not_taken_for_one() {
    let lines = "y = 1\n".repeat(100);
    for code in [
        format!("x = '<<'\n{lines}system('ls')"),
        format!("items = []\nitems <<\"{lines}\"\nsystem('ls')"),
        "x = <<~TEXT\n  text\nTEXT\nitems <<\"a\" << 'b'\nsystem('ls')".into(),
        "x = [:a, :[]=, :\"b c\", %s(d), { e: 1, 'f': 2 }]\nsystem('ls')".into(),
    ] {
        let report = scan(code.as_bytes(), Language::Ruby);
        assert!(report.gave_up.is_none() && !report.violations.is_empty(), "{report:?}: {code}");
    }
}

#[test]
fn more_blocks_than_the_grammar_keeps_end_nothing() {
    for levels in 500..520 {
        for inner in ["'a'", "f'{1}'", "f\"{f'{1}'}\"", "x", "f'''{f\"{f'{"] {
            let blocks: String = (0..levels).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect();
            let code = format!("import subprocess\n{blocks}{}{inner}\n", " ".repeat(levels));
            assert!(!scan(code.as_bytes(), Language::Python).is_safe(), "{levels} {inner}");
        }
    }
}
