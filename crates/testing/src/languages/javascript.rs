use llm_sandbox_core::Run;

use super::{
    LETTERS, ORDERS, WORDS,
    case::{Case, SOON, case, prints},
    source,
};

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), surroundings()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("javascript/sieve.js"), "78498 999961 999979 999983\n")),
        case(
            "knapsack",
            prints(
                source!("javascript/knapsack.js"),
                "{\n  value: 605,\n  packed: [ 'map', 'compass', 'water', 'sandwich', 'glucose' ]\n}\n",
            ),
        ),
        case(
            "filter",
            prints(
                Run::code(source!("javascript/filter.js")).stdin(WORDS),
                "  1 TO BE, OR NOT TO BE:\n  2 THAT IS THE QUESTION; BE\n",
            ),
        ),
        case("files", prints(source!("javascript/files.js"), "7.75\n/sandbox/reports [ 'sold.csv' ] 31\nfalse\n")),
        case(
            "json",
            prints(
                Run::code(source!("javascript/report.js")).stdin(ORDERS),
                "{\"total\":12.35,\"names\":[\"Käse\",\"cake\",\"tea\"],\"none\":null}\nSyntaxError\n",
            ),
        ),
        case("threads", prints(source!("javascript/workers.js"), "[ 1498500, 1499500, 1500500 ] 4498500 3000\n")),
        case(
            "promises",
            prints(
                source!("javascript/promises.js"),
                "POST /tea?cups=2 hot\nrejected fulfilled now tick microtask timeout\n",
            ),
        ),
        case(
            "subprocess",
            prints(
                source!("javascript/subprocesses.js"),
                "42\n[ 'c', 'b', 'a' ]\n3\nthrough a pipe\ncat left with 0\n",
            ),
        ),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "syntax_error",
            prints(source!("javascript/syntax_error.js"), "")
                .says(&["/sandbox/main.js:4\n", "SyntaxError: missing ) after argument list"])
                .exits(1),
        ),
        case(
            "runtime_error",
            prints(source!("javascript/runtime_error.js"), "3\n")
                .says(&["/sandbox/main.js:4\n", "TypeError: Cannot read properties of undefined", "main.js:8:13"])
                .exits(1),
        ),
        case(
            "rejection",
            prints(source!("javascript/rejection.js"), "")
                .says(&["/sandbox/main.js:2", "RangeError: no price of coffee"])
                .exits(1),
        ),
        case("exit_code", prints(source!("javascript/exit_code.js"), "leaving with 7\n").says(&["checked\n"]).exits(7)),
    ]
}

fn surroundings() -> Vec<Case> {
    let shop = Run::entry("shop/main.js")
        .file("shop/main.js", source!("javascript/shop/main.js"))
        .file("shop/items.json", source!("javascript/shop/items.json"))
        .file("shop/lib/totals.js", source!("javascript/shop/lib/totals.js"))
        .file("shop/lib/cheapest.mjs", source!("javascript/shop/lib/cheapest.mjs"))
        .file("prices.txt", "3 and 4\n");
    let module = Run::entry("module.mjs").file("module.mjs", source!("javascript/module.mjs"));
    let environment = || Run::code(source!("javascript/environment.js")).env("GREETING", "hello there");
    vec![
        case("several_files", prints(shop, "7 /sandbox/shop/main.js 3 and 4\ntea\n")),
        case("module", prints(module, "true undefined\n")),
        case(
            "unicode",
            prints(
                Run::code(source!("javascript/unicode.js")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 5 HÉLLO false\nтевирп 6 6 ПРИВЕТ true\n🦀本日 3 4 日本🦀 true\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("javascript/forever.js")).timeout(SOON), "begun\n").times_out())
            .then(prints("console.log(6 * 7)", "42\n")),
        case(
            "arguments",
            prints(
                Run::code(source!("javascript/arguments.js")).args(["--times", "2", "a b", "*"]),
                "[ 'a b', '*', 'a b', '*' ]\n",
            ),
        ),
        case("environment", prints(environment(), "hello there undefined /home/sandbox /sandbox []\n")),
        case(
            "options",
            prints(environment(), "hello there undefined /home/sandbox /sandbox [ '--stack-trace-limit=5' ]\n"),
        )
        .opened(|builder| builder.runtime_options(["--stack-trace-limit=5"])),
        case("memory", prints(source!("javascript/memory.js"), "begun\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(192))
            .then(prints("console.log(6 * 7)", "42\n")),
        case(
            "classes",
            prints(
                source!("javascript/classes.js"),
                "1099511627777n nothing 1\n2880067194370816120n Map(1) { 'x' => 1 } 02/2024-29\n\
                 2024-03-01T00:00:00.000Z [ 1, 2, 3 ]\n",
            ),
        ),
        case("overlapping", prints(source!("javascript/meeting_left.js"), "left met right\n"))
            .beside(prints(source!("javascript/meeting_right.js"), "right met left\n")),
    ]
}
