//! Real programs in every language, written once and run on any backend. Their texts lie in `programs/`, what must come
//! of them stands in a table for each language.
//!
//! [`language_tests!`](crate::language_tests) makes one test of each:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use llm_sandbox_core::{Language, Session, SessionBuilder};
//! # use llm_sandbox_testing::FakeBackend;
//! # fn my_backend() -> FakeBackend { FakeBackend::new(|_| async {}) }
//! fn sandbox(language: Language) -> Result<SessionBuilder, String> {
//!     Ok(Session::builder_on(Arc::new(my_backend()), language))
//! }
//!
//! llm_sandbox_testing::language_tests!(sandbox);
//! # fn main() {}
//! ```

mod case;
mod cpp;
mod go;
mod java;
mod javascript;
mod python;
mod r;
mod ruby;

use llm_sandbox_core::{Language, SessionBuilder};

use case::Case;

/// Makes one test of each program, in the sessions that a function gives for a language; where it gives a reason
/// instead, the tests of that language say so and count as not run.
#[macro_export]
macro_rules! language_tests {
    ($sandbox:expr) => {
        $crate::language_tests! { @cases $sandbox;
            python: sieve, dijkstra, filter, files, json, threads, coroutines, subprocess, syntax_error, runtime_error,
                exit_code, several_files, unicode, timeout, arguments, environment, options, memory, classes, database,
                overlapping;
            javascript: sieve, knapsack, filter, files, json, threads, promises, subprocess, syntax_error, runtime_error,
                rejection, exit_code, several_files, module, unicode, timeout, arguments, environment, options, memory,
                classes, overlapping;
            java: sieve, dijkstra, filter, files, json, threads, subprocess, compile_error, runtime_error, exit_code,
                several_files, package, other_class, annotation, several_classes,
                lies_there, unicode, timeout, arguments, environment, options,
                memory, numbers, overlapping;
            cpp: sieve, queens, filter, files, json, threads, subprocess, compile_error, link_error, runtime_error,
                uncaught, segmentation_fault, sanitizers, exit_code, several_files, unicode, timeout, arguments, environment, options,
                memory, templates, overlapping;
            go: sieve, dijkstra, filter, files, json, threads, server, cold, subprocess, compile_error,
                unused_import,
                runtime_error, deadlock, no_program, exit_code, several_files, project, commands, unicode, timeout, arguments, environment,
                options, memory, generics, overlapping;
            r: sieve, distance, filter, files, json, threads, subprocess, syntax_error, runtime_error, exit_code,
                several_files, unicode, timeout, arguments, environment, options, memory, statistics, objects, plot,
                overlapping;
            ruby: sieve, change, filter, files, json, threads, server, subprocess, syntax_error, runtime_error, exit_code,
                several_files, unicode, timeout, arguments, environment, options, memory, classes, overlapping;
        }
    };
    (@cases $sandbox:expr; $($language:ident: $($case:ident),*;)*) => {$(
        mod $language {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::languages::check($sandbox, stringify!($language), stringify!($case)).await;
                }
            )*

            #[test]
            fn every_program_is_a_test() {
                assert_eq!($crate::languages::names(stringify!($language)), [$(stringify!($case)),*]);
            }
        }
    )*};
}

/// The program of a path below `programs/`.
macro_rules! source {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/programs/", $path))
    };
}
use source;

/// What filters count the words of.
const WORDS: &str = "To be, or not to be:\nthat is the question; be\n";

/// The three of them that are most frequent.
const COUNTED: &str = "  3 be\n  2 to\n  1 is\n";

/// What programs are given that read JSON.
const ORDERS: &str = r#"{"orders": [{"name": "tea", "price": 3.5, "count": 2}, {"name": "Käse", "price": 4.25},
    {"name": "cake", "price": 1.1}]}
"#;

/// What programs are given that take letters apart, two of them of more than one byte and one beyond sixteen bits.
const LETTERS: &str = "héllo\nпривет\n日本🦀\n";

fn table(language: Language) -> Vec<Case> {
    match language {
        Language::Python => python::cases(),
        Language::JavaScript => javascript::cases(),
        Language::Java => java::cases(),
        Language::Cpp => cpp::cases(),
        Language::Go => go::cases(),
        Language::R => r::cases(),
        Language::Ruby => ruby::cases(),
        other => panic!("there are no programs in {other}"),
    }
}

/// A language by its name.
fn named(language: &str) -> Language {
    language.parse().expect("the name of a language")
}

/// The programs of a language, by name.
pub fn names(language: &str) -> Vec<&'static str> {
    table(named(language)).iter().map(Case::name).collect()
}

/// Runs a program in a session of its own, and panics where something else comes of it than must.
#[expect(clippy::print_stdout, reason = "scripts/test-suites reads it")]
pub async fn check(sandbox: impl FnOnce(Language) -> Result<SessionBuilder, String>, language: &str, name: &str) {
    let case = table(named(language)).into_iter().find(|case| case.name() == name).expect("it stands in the table");
    match sandbox(named(language)) {
        Ok(builder) => case.check(builder).await,
        Err(reason) => println!("NOT RUN: {language}::{name}: {reason}"),
    }
}
