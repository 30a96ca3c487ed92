use llm_sandbox_core::Run;

use super::{
    COUNTED, LETTERS, ORDERS, WORDS,
    case::{Case, SOON, case, prints},
    source,
};

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), surroundings()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("python/sieve.py"), "78498 999961 999979 999983\n")),
        case("dijkstra", prints(source!("python/dijkstra.py"), "20 a->c->f->e\n")),
        case("filter", prints(Run::code(source!("python/word_count.py")).stdin(WORDS), COUNTED)),
        case("files", prints(source!("python/files.py"), "7.75 tea, green\n/sandbox/reports ['sold.csv']\nFalse\n")),
        case(
            "json",
            prints(
                Run::code(source!("python/report.py")).stdin(ORDERS),
                "{\"total\": 12.35, \"names\": [\"Käse\", \"cake\", \"tea\"], \"none\": null}\n\
                 Expecting ',' delimiter: line 1 column 17 (char 16)\n",
            ),
        ),
        case("threads", prints(source!("python/threads.py"), "328350\n499500\n285\n")),
        case("coroutines", prints(source!("python/coroutines.py"), "['ONE', 'TWO', 'THREE']\n")),
        case("subprocess", prints(source!("python/subprocesses.py"), "evil\n['c', 'b', 'a']\n3\n")),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "syntax_error",
            prints(source!("python/syntax_error.py"), "")
                .says(&["File \"/sandbox/main.py\", line 5", "SyntaxError: '(' was never closed"])
                .exits(1),
        ),
        case(
            "runtime_error",
            prints(source!("python/runtime_error.py"), "3\n")
                .says(&[
                    "File \"/sandbox/main.py\", line 9, in <module>",
                    "File \"/sandbox/main.py\", line 5, in price",
                    "KeyError: 'coffee'",
                ])
                .exits(1),
        ),
        case("exit_code", prints(source!("python/exit_code.py"), "last words\n").says(&["checked\n"]).exits(7)),
    ]
}

fn surroundings() -> Vec<Case> {
    let shop = Run::entry("shop/main.py")
        .file("shop/main.py", source!("python/shop/main.py"))
        .file("shop/totals.py", source!("python/shop/totals.py"))
        .file("shop/stock/__init__.py", source!("python/shop/stock/__init__.py"))
        .file("shop/stock/items.py", source!("python/shop/stock/items.py"))
        .file("prices.txt", "3 and 4\n");
    let environment = || Run::code(source!("python/environment.py")).env("GREETING", "hello there");
    vec![
        case("several_files", prints(shop, "7 tea /sandbox/shop/main.py\n3 and 4\n")),
        case(
            "unicode",
            prints(
                Run::code(source!("python/unicode.py")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 HÉLLO False\nтевирп 6 ПРИВЕТ True\n🦀本日 3 日本🦀 True\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("python/forever.py")).timeout(SOON), "begun\n").times_out())
            .then(prints("print(6 * 7)", "42\n")),
        case(
            "arguments",
            prints(
                Run::code(source!("python/arguments.py")).args(["--times", "2", "a b", "*"]),
                "['a b', '*', 'a b', '*']\n",
            ),
        ),
        case("environment", prints(environment(), "hello there None /home/sandbox /sandbox 0\n")),
        case("options", prints(environment(), "hello there None /home/sandbox /sandbox 2\n"))
            .opened(|builder| builder.runtime_options(["-OO"])),
        case("memory", prints(source!("python/memory.py"), "begun\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(128))
            .then(prints("print(6 * 7)", "42\n")),
        case(
            "classes",
            prints(
                source!("python/classes.py"),
                "<orders>\nKind.TEA 0.30 2024-03-01\n</orders>\n2880067194370816120 [0, 1, 3, 6, 10, 15]\n3 tea\n",
            ),
        ),
        case("database", prints(source!("python/database.py"), "[('coffee',)]\n889ae5f13079a990 True\n")),
        case("overlapping", prints(source!("python/meeting_left.py"), "left met right\n"))
            .beside(prints(source!("python/meeting_right.py"), "right met left\n")),
    ]
}
