use llm_sandbox_core::Run;

use super::{
    COUNTED, LETTERS, ORDERS, WORDS,
    case::{Case, LATER, case, compiles_not, prints},
    source,
};

/// What shows that a session is as good as new.
const HELLO: &str = "class Hello { public static void main(String[] args) { System.out.println(6 * 7); } }";

pub(super) fn cases() -> Vec<Case> {
    [programs(), failures(), classes(), surroundings()].into_iter().flatten().collect()
}

fn programs() -> Vec<Case> {
    vec![
        case("sieve", prints(source!("java/Sieve.java"), "78498 999961 999979 999983\n")),
        case("dijkstra", prints(source!("java/Dijkstra.java"), "{a=0, b=7, c=9, d=20, e=20, f=11}\n")),
        case("filter", prints(Run::code(source!("java/WordCount.java")).stdin(WORDS), COUNTED)),
        case("files", prints(source!("java/Files.java"), "7.75\n/sandbox/reports/2024/sold.csv 31\nfalse\n")),
        case(
            "json",
            prints(
                Run::code(source!("java/Json.java")).stdin(ORDERS),
                "{\"total\": 12.35, \"names\": [Käse, cake, tea]}\nunexpected ? at 4\n",
            ),
        ),
        case("threads", prints(source!("java/Threads.java"), "7998000 true\n499500\n42\n333833500\n")),
        case("subprocess", prints(source!("java/Subprocess.java"), "c b a\n0\ntrue 2\nstraight out\n0\n")),
    ]
}

fn failures() -> Vec<Case> {
    vec![
        case(
            "compile_error",
            compiles_not(
                source!("java/CompileError.java"),
                &[
                    "/sandbox/CompileError.java:4: error: incompatible types: int cannot be converted to String",
                    "/sandbox/CompileError.java:5: error: cannot find symbol",
                    "2 errors",
                ],
            ),
        )
        .then(prints(HELLO, "42\n")),
        case(
            "runtime_error",
            prints(source!("java/RuntimeError.java"), "c\n")
                .says(&[
                    "Exception in thread \"main\" java.lang.ArrayIndexOutOfBoundsException: Index 2",
                    "at RuntimeError.third(RuntimeError.java:3)",
                    "at RuntimeError.main(RuntimeError.java:8)",
                ])
                .exits(1),
        ),
        case("exit_code", prints(source!("java/ExitCode.java"), "last words\n").says(&["checked\n"]).exits(7)),
    ]
}

fn classes() -> Vec<Case> {
    let shop = Run::entry("Main.java")
        .file("Main.java", source!("java/shop/Main.java"))
        .file("store/Item.java", source!("java/shop/store/Item.java"))
        .file("store/Store.java", source!("java/shop/store/Store.java"))
        .file("prices.txt", "3 and 4\n");
    let app = "package com.example;\n\
               public class App { public static void main(String[] args) { System.out.println(App.class.getName()); } }";
    vec![
        case("several_files", prints(shop, "7 Item[name=tea, price=3] 3 and 4\n")),
        case(
            "package",
            prints(
                source!("java/Packaged.java"),
                "com.example.tools.Packaged com.example.tools.Packaged$Inner com.example.tools\n",
            )
            .says(&["UnsupportedOperationException: from a package", "(Packaged.java:8)"])
            .exits(1),
        ),
        case(
            "other_class",
            prints(
                "public class Greeter { public static void main(String[] args) throws Exception {\n\
                 System.out.println(new java.io.File(\"Greeter.java\").exists()); } }",
                "true\n",
            ),
        ),
        case(
            "annotation",
            prints(
                "public @interface Mark { String value(); }\n\
                 @Mark(\"x\") class Marked { public static void main(String[] args) { System.out.println(Mark.class); } }",
                "interface Mark\n",
            ),
        ),
        case(
            "several_classes",
            prints(source!("java/classes.java"), "circle of 1.0: 3.142 m²\nSquare[side=2.0]: 4.000 m²\n2 some\n"),
        ),
        case("lies_there", prints(Run::code(HELLO).file("com/example/App.java", app), "42\n"))
            .then(prints(Run::entry("com/example/App.java"), "com.example.App\n")),
    ]
}

fn surroundings() -> Vec<Case> {
    let environment = || Run::code(source!("java/Environment.java")).env("GREETING", "hello there");
    vec![
        case(
            "unicode",
            prints(
                Run::code(source!("java/Unicode.java")).stdin(LETTERS).arg("größe ☕"),
                "größe=42 — naïve ☕ 日本語 🦀\nolléh 5 HÉLLO\nтевирп 6 ПРИВЕТ\n🦀本日 3 日本🦀\nja größe ☕\n",
            )
            .says(&["Fehler: Ärger\n"]),
        ),
        case("timeout", prints(Run::code(source!("java/Forever.java")).timeout(LATER), "begun\n").times_out())
            .then(prints(HELLO, "42\n")),
        case(
            "arguments",
            prints(Run::code(source!("java/Arguments.java")).args(["--x", "", "a b", "*"]), "4 [--x, , a b, *]\n"),
        ),
        case("environment", prints(environment(), "hello there null /home/sandbox /sandbox tea\n"))
            .opened(|builder| builder.runtime_options(["-Dshop.name=tea"])),
        case(
            "options",
            prints(source!("java/Asserts.java"), "before\n")
                .says(&[
                    "/sandbox/Asserts.java:5: warning: [rawtypes]",
                    "java.lang.AssertionError: it is empty",
                    "(Asserts.java:7)",
                ])
                .exits(1),
        )
        .opened(|builder| builder.compiler_options(["-Xlint:all"]).runtime_options(["-ea"])),
        case(
            "memory",
            prints(source!("java/Memory.java"), "true\ncaught true\n")
                .says(&["java.lang.OutOfMemoryError: Java heap space", "at Memory.grow(Memory.java:21)"])
                .exits(1),
        )
        .opened(|builder| builder.memory_mib(256)),
        case(
            "numbers",
            prints(
                source!("java/Numbers.java"),
                "265252859812191058636308480000000 0.30\n2024-03-01 1.234.567,89\n-2147483648 2 1\n",
            ),
        ),
        case("overlapping", prints(source!("java/meeting_left.java"), "left met right\n"))
            .beside(prints(source!("java/meeting_right.java"), "right met left\n")),
    ]
}
