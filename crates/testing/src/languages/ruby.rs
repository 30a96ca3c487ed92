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
        case("sieve", prints(source!("ruby/sieve.rb"), "78498 999961 999979 999983\n")),
        case("change", prints(source!("ruby/change.rb"), "[15, 15]\n73682\n")),
        case("filter", prints(Run::code(source!("ruby/word_count.rb")).stdin(WORDS), COUNTED)),
        case(
            "files",
            prints(
                source!("ruby/files.rb"),
                "7.75\ntea, green\n/sandbox/reports\n[\"reports/2024/sold.csv\"]\n40\nfalse\n",
            ),
        ),
        case(
            "json",
            prints(
                Run::code(source!("ruby/report.rb")).stdin(ORDERS),
                "{\"total\":12.35,\"names\":[\"Käse\",\"cake\",\"tea\"],\"none\":null}\nJSON::ParserError\n",
            ),
        ),
        case("threads", prints(source!("ruby/threads.rb"), "499500\n800\n42\n[0, 1, 2, :done]\n")),
        case("server", prints(source!("ruby/server.rb"), "TEA\nCOFFEE\n")),
        case(
            "subprocess",
            prints(source!("ruby/subprocesses.rb"), "[\"c\", \"b\", \"a\"]\ntrue\nevil\n3\nstraight out\n5\n"),
        ),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "syntax_error",
            prints(source!("ruby/syntax_error.rb"), "").says(&["/sandbox/main.rb:4: syntax error"]).exits(1),
        ),
        case(
            "runtime_error",
            prints(source!("ruby/runtime_error.rb"), "3\n")
                .says(&["/sandbox/main.rb:4:in `fetch': key not found: \"coffee\" (KeyError)", "main.rb:8:in `<main>'"])
                .exits(1),
        ),
        case("exit_code", prints(source!("ruby/exit_code.rb"), "last words\n").says(&["checked\n"]).exits(7)),
    ]
}

fn surroundings() -> Vec<Case> {
    let shop = Run::entry("main.rb")
        .file("main.rb", source!("ruby/shop/main.rb"))
        .file("lib/store.rb", source!("ruby/shop/lib/store.rb"))
        .file("items.yml", source!("ruby/shop/items.yml"))
        .file("prices.txt", "3 and 4\n");
    let environment = || Run::code(source!("ruby/environment.rb")).env("GREETING", "hello there");
    vec![
        case("several_files", prints(shop, "7 tea /sandbox/main.rb\n3 and 4\n")),
        case(
            "unicode",
            prints(
                Run::code(source!("ruby/unicode.rb")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 6 HÉLLO false UTF-8\nтевирп 6 12 ПРИВЕТ true UTF-8\n\
                 🦀本日 3 10 日本🦀 true UTF-8\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("ruby/forever.rb")).timeout(SOON), "begun\n").times_out())
            .then(prints("puts 6 * 7", "42\n")),
        case(
            "arguments",
            prints(
                Run::code(source!("ruby/arguments.rb")).args(["--times", "2", "a b", "*"]),
                "[\"a b\", \"*\", \"a b\", \"*\"]\n",
            ),
        ),
        case("environment", prints(environment(), "\"hello there\"\nnil\n\"/home/sandbox\"\n\"/sandbox\"\nfalse\n")),
        case("options", prints(environment(), "\"hello there\"\nnil\n\"/home/sandbox\"\n\"/sandbox\"\ntrue\n"))
            .opened(|builder| builder.runtime_options(["-w"])),
        case("memory", prints(source!("ruby/memory.rb"), "begun\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(128))
            .then(prints("puts 6 * 7", "42\n")),
        case(
            "classes",
            prints(
                source!("ruby/classes.rb"),
                "tea\n[true, false]\ntea 1\n[4, 16, 36]\n1267650600228229401496703205376\n0.3\n2024-03-01\n1/2\n\
                 undefined method 'upcase'\nensured\n2\n{\"a\"=>0,\"b\"=>1}\n",
            ),
        ),
        case("overlapping", prints(source!("ruby/meeting_left.rb"), "left met right\n"))
            .beside(prints(source!("ruby/meeting_right.rb"), "right met left\n")),
    ]
}
