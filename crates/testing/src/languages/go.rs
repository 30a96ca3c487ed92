use llm_sandbox_core::Run;

use super::{
    COUNTED, LETTERS, ORDERS, WORDS,
    case::{Case, LATER, case, compiles_not, prints},
    source,
};

/// What shows that a session is as good as new.
const HELLO: &str = "package main\nfunc main() { print(6 * 7, \"\\n\") }";

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), packages(), surroundings()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("go/sieve.go"), "78498 [999961 999979 999983]\n")),
        case("dijkstra", prints(source!("go/dijkstra.go"), "map[a:0 b:7 c:9 d:20 e:20 f:11]\n")),
        case("filter", prints(Run::code(source!("go/word_count.go")).stdin(WORDS), COUNTED)),
        case("files", prints(source!("go/files.go"), "7.75 tea, green /sandbox/reports\ntrue\n")),
        case(
            "json",
            prints(
                Run::code(source!("go/report.go")).stdin(ORDERS),
                "{\"names\":[\"Käse\",\"cake\",\"tea\"],\"none\":null,\"total\":12.35}\nunexpected end of JSON input\n",
            ),
        ),
        case("threads", prints(source!("go/goroutines.go"), "328350\n1000\ncontext deadline exceeded\n")),
        case("server", prints(source!("go/server.go"), "200 POST /tea?cups=2 HOT\n")),
        case("cold", prints(source!("go/sieve.go"), "78498 [999961 999979 999983]\n"))
            // As in an image that has no compiled library, and with no more than sessions have by default.
            .opened(|builder| builder.env("GODEBUG", "").memory_mib(512).cpus(1.0)),
        case("subprocess", prints(source!("go/subprocesses.go"), "[c b a] <nil>\ntrue 3\nstraight out\n<nil>\ntrue\n")),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "compile_error",
            compiles_not(
                source!("go/compile_error.go"),
                &["main.go:6:18: cannot use \"tea\"", "main.go:7:21: undefined: missing"],
            ),
        )
        .then(prints(HELLO, "").says(&["42\n"])),
        case("unused_import", compiles_not(source!("go/unused.go"), &["main.go:5:2: \"os\" imported and not used"])),
        case(
            "runtime_error",
            prints(source!("go/runtime_error.go"), "3\n")
                .says(&[
                    "panic: runtime error: index out of range [2] with length 1",
                    "/sandbox/main.go:6",
                    "/sandbox/main.go:11",
                ])
                .exits(2),
        ),
        case(
            "deadlock",
            prints(source!("go/deadlock.go"), "")
                .says(&["fatal error: all goroutines are asleep - deadlock!", "/sandbox/main.go:5"])
                .exits(2),
        ),
        case("no_program", compiles_not("package shop\n\nvar Price = 3\n", &["is not a main package"])),
        case("exit_code", prints(source!("go/exit_code.go"), "said before\n").says(&["checked\n"]).exits(7)),
    ]
}

fn packages() -> Vec<Case> {
    let shop = Run::entry("main.go")
        .file("main.go", source!("go/shop/main.go"))
        .file("store.go", source!("go/shop/store.go"))
        .file("prices.txt", "3 and 4\n");
    let project = Run::entry("main.go")
        .file("go.mod", source!("go/project/go.mod"))
        .file("main.go", source!("go/project/main.go"))
        .file("words.txt", source!("go/project/words.txt"))
        .file("stock/stock.go", source!("go/project/stock/stock.go"));
    let command = Run::entry("cmd/ask/main.go")
        .file("go.mod", source!("go/project/go.mod"))
        .file(
            "cmd/ask/main.go",
            "package main\n\nimport \"example.com/shop/stock\"\n\nfunc main() { print(stock.Describe(\"tea\", 3)) }\n",
        )
        .file("stock/stock.go", source!("go/project/stock/stock.go"));
    vec![
        case("several_files", prints(shop, "7 tea 3 and 4\n")),
        case("project", prints(project, "tea for 3 embedded\n")),
        case("commands", prints(command, "").says(&["tea for 3"])),
    ]
}

fn surroundings() -> Vec<Case> {
    let environment = Run::code(source!("go/environment.go")).env("GREETING", "hello there");
    let tagged = || {
        Run::entry("main.go")
            .file("go.mod", source!("go/tags/go.mod"))
            .file("main.go", source!("go/tags/main.go"))
            .file("full.go", source!("go/tags/full.go"))
            .file("free.go", source!("go/tags/free.go"))
    };
    vec![
        case(
            "unicode",
            prints(
                Run::code(source!("go/unicode.go")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 6 HÉLLO\nтевирп 6 12 ПРИВЕТ\n🦀本日 3 10 日本🦀\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("go/forever.go")).timeout(LATER), "begun\n").times_out())
            .then(prints(HELLO, "").says(&["42\n"])),
        case(
            "arguments",
            prints(
                Run::code(source!("go/arguments.go")).args(["-times", "2", "a b", "*"]),
                "[\"a b\" \"*\"]\n[\"a b\" \"*\"]\n",
            ),
        ),
        case("environment", prints(environment, "hello there false /home/sandbox /sandbox\n")),
        case("options", prints(tagged(), "full 1.2\n"))
            .opened(|builder| builder.compiler_options(["-tags", "full", "-ldflags", "-X main.version=1.2"])),
        case("memory", prints(source!("go/memory.go"), "true\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(512))
            .then(prints(HELLO, "").says(&["42\n"])),
        case(
            "generics",
            prints(
                source!("go/generics.go"),
                "3 b [y z]\n{side:2} main.square 4.0\ntrue 15511210043330985984000000\n2024-03-01\n\
                 recovered: assignment to entry in nil map\n",
            ),
        ),
        case("overlapping", prints(source!("go/meeting_left.go"), "left met right\n"))
            .beside(prints(source!("go/meeting_right.go"), "right met left\n")),
    ]
}
