use llm_sandbox_core::Run;

use super::{
    COUNTED, LETTERS, ORDERS, WORDS,
    case::{Case, SOON, case, prints},
    source,
};

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), surroundings(), language()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("r/sieve.R"), "78498 999961 999979 999983 \n")),
        case("distance", prints(source!("r/distance.R"), "[1] 3 5 0\n")),
        case("filter", prints(Run::code(source!("r/word_count.R")).stdin(WORDS), COUNTED)),
        case(
            "files",
            prints(source!("r/files.R"), "9.75 tea, green 3 \n/sandbox/reports 2024/sold.csv \nTRUE 0 FALSE \n"),
        ),
        case(
            "json",
            prints(
                Run::code(source!("r/json.R")).stdin(ORDERS),
                "{\"total\": 12.35, \"names\": [\"cake\", \"Käse\", \"tea\"]}\nunexpected ? at 5 \n",
            ),
        ),
        case("threads", prints(source!("r/parallel.R"), "328350 \n11 12 13 14 \n")),
        case("subprocess", prints(source!("r/subprocesses.R"), "c b a \n3 \n42 \nTHROUGH A PIPE\n")),
    ]
}

/// R names the call that failed, not its line.
fn failures() -> Vec<Case> {
    vec![
        case(
            "syntax_error",
            prints(source!("r/syntax_error.R"), "")
                .says(&["Error: unexpected symbol in \"greet(\"a\") greet\"", "Execution halted"])
                .exits(1),
        ),
        case(
            "runtime_error",
            prints(source!("r/runtime_error.R"), "3 \n")
                .says(&["Error in price(\"coffee\") : no price of coffee", "Calls: cat -> price", "Execution halted"])
                .exits(1),
        ),
        case("exit_code", prints(source!("r/exit_code.R"), "last words\n").says(&["checked\n"]).exits(7)),
    ]
}

fn surroundings() -> Vec<Case> {
    let shop = Run::entry("main.R")
        .file("main.R", source!("r/shop/main.R"))
        .file("lib/totals.R", source!("r/shop/lib/totals.R"))
        .file("lib/cheapest.R", source!("r/shop/lib/cheapest.R"))
        .file("prices.txt", "3 and 4\n");
    let environment = || Run::code(source!("r/environment.R")).env("GREETING", "hello there");
    vec![
        case("several_files", prints(shop, "7 tea 3 and 4 \n")),
        case(
            "unicode",
            prints(
                Run::code(source!("r/unicode.R")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 6 HÉLLO \nтевирп 6 12 ПРИВЕТ \n🦀本日 3 10 日本🦀 \nja größe ☕ \n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("r/forever.R")).timeout(SOON), "begun\n").times_out())
            .then(prints("cat(6 * 7, \"\\n\")", "42 \n")),
        case(
            "arguments",
            prints(Run::code(source!("r/arguments.R")).args(["--x", "", "a b", "*"]), "4 [--x] [] [a b] [*] \n"),
        ),
        case("environment", prints(environment(), "hello there NA /home/sandbox /sandbox TRUE \n")),
        case("options", prints(environment(), "hello there NA /home/sandbox /sandbox FALSE \n"))
            .opened(|builder| builder.runtime_options(["--default-packages=methods"])),
        case("memory", prints(source!("r/memory.R"), "begun\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(192))
            .then(prints("cat(6 * 7, \"\\n\")", "42 \n")),
    ]
}

fn language() -> Vec<Case> {
    vec![
        case(
            "statistics",
            prints(
                source!("r/statistics.R"),
                "[1] 1 2\n  kind value\n1    a     2\n2    b     2\na b c \n4 2 0 \n0.975 2 5 \n\
                 \x20  Min. 1st Qu.  Median    Mean 3rd Qu.    Max.    NA's \n\
                 \x20   1.0     1.5     2.0     2.0     2.5     3.0       1 \n",
            ),
        ),
        case(
            "objects",
            prints(
                source!("r/objects.R"),
                "[1] \"deposit\"\na shape of 4 sides\n42 2 \nnoticed: careful \nwent on 2024-03-01 two one 003.1 \n[1] 4\n",
            ),
        ),
        case("plot", prints(source!("r/plot.R"), "TRUE %PDF \n")),
        case("overlapping", prints(source!("r/meeting_left.R"), "left met right\n"))
            .beside(prints(source!("r/meeting_right.R"), "right met left\n")),
    ]
}
