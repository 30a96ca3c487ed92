use llm_sandbox_core::Run;

use super::{
    COUNTED, LETTERS, ORDERS, WORDS,
    case::{Case, LATER, case, compiles_not, prints},
    source,
};

/// What shows that a session is as good as new.
const HELLO: &str = "#include <cstdio>\nint main() { std::printf(\"%d\\n\", 6 * 7); }";

const SIGABRT: i32 = 6;
const SIGSEGV: i32 = 11;

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), surroundings()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("cpp/sieve.cpp"), "78498 999961 999979 999983\n")),
        case("queens", prints(source!("cpp/queens.cpp"), "4 92 724 \n")),
        case("filter", prints(Run::code(source!("cpp/word_count.cpp")).stdin(WORDS), COUNTED)),
        case("files", prints(source!("cpp/files.cpp"), "7.75 /sandbox/reports 31\n3 false\n")),
        case(
            "json",
            prints(
                Run::code(source!("cpp/json.cpp")).stdin(ORDERS),
                "{\"total\": 12.35, \"names\": [\"Käse\", \"cake\", \"tea\"]}\nunexpected ? at 4\n",
            ),
        ),
        case("threads", prints(source!("cpp/threads.cpp"), "7998000\n499500\n8000\n")),
        case("subprocess", prints(source!("cpp/subprocess.cpp"), "c b a \n0\nfrom the child\n0\n3\n")),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "compile_error",
            compiles_not(
                source!("cpp/compile_error.cpp"),
                &["/sandbox/main.cpp:6:18: error: cannot convert", "/sandbox/main.cpp:7:18: error:", "missing"],
            ),
        )
        .then(prints(HELLO, "42\n")),
        case("link_error", compiles_not(source!("cpp/link_error.cpp"), &["undefined reference to `elsewhere(int)'"])),
        case(
            "runtime_error",
            prints(source!("cpp/runtime_error.cpp"), "3\n")
                .says(&["/sandbox/main.cpp:6: ", "Assertion `numbers.size() > 2' failed"])
                .signalled(SIGABRT),
        ),
        case(
            "uncaught",
            prints(source!("cpp/uncaught.cpp"), "")
                .says(&["terminate called after throwing an instance of 'std::out_of_range'", "map::at"])
                .signalled(SIGABRT),
        ),
        case("segmentation_fault", prints(source!("cpp/segfault.cpp"), "begun\n").signalled(SIGSEGV)),
        case("sanitizers", prints(Run::code(source!("cpp/freed.cpp")), "whole 3\n"))
            .opened(|builder| builder.compiler_options(["-fsanitize=address,undefined", "-g"]))
            .then(
                prints(Run::code(source!("cpp/freed.cpp")).arg("freed"), "")
                    .says(&["AddressSanitizer: heap-use-after-free", "/sandbox/main.cpp:9"])
                    .exits(1),
            ),
        case("exit_code", prints(source!("cpp/exit_code.cpp"), "last words\n").says(&["checked\n"]).exits(7)),
    ]
}

fn surroundings() -> Vec<Case> {
    let shop = Run::entry("main.cpp")
        .file("main.cpp", source!("cpp/shop/main.cpp"))
        .file("store/store.hpp", source!("cpp/shop/store/store.hpp"))
        .file("store/store.cpp", source!("cpp/shop/store/store.cpp"))
        .file("prices.txt", "3 and 4\n");
    let environment = Run::code(source!("cpp/environment.cpp")).env("GREETING", "hello there");
    vec![
        case("several_files", prints(shop, "7 tea 3 and 4\n")),
        case(
            "unicode",
            prints(
                Run::code(source!("cpp/unicode.cpp")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 6\nтевирп 6 12\n🦀本日 3 10\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("cpp/forever.cpp")).timeout(LATER), "begun\n").times_out())
            .then(prints(HELLO, "42\n")),
        case(
            "arguments",
            prints(Run::code(source!("cpp/arguments.cpp")).args(["--x", "", "a b", "*"]), "4 [--x] [] [a b] [*]\n"),
        ),
        case("environment", prints(environment, "hello there absent /home/sandbox /sandbox\n")),
        case("options", prints(source!("cpp/standard.cpp"), "201703 3 tea\n"))
            .opened(|builder| builder.compiler_options(["-std=c++17", "-DLEVEL=3"])),
        case("memory", prints(source!("cpp/memory.cpp"), "begun\n").runs_out_of_memory())
            .opened(|builder| builder.memory_mib(256))
            .then(prints(HELLO, "42\n")),
        case("templates", prints(source!("cpp/templates.cpp"), "4 16 36 21\ntext circle 2880067194370816120 1\n")),
        case("overlapping", prints(source!("cpp/meeting_left.cpp"), "left met right\n"))
            .beside(prints(source!("cpp/meeting_right.cpp"), "right met left\n")),
    ]
}
