//! What any backend must do, written once. Each case is a function that panics where the backend fails it.
//!
//! [`contract_tests!`](crate::contract_tests) makes one test of each:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use llm_sandbox_testing::FakeBackend;
//! # fn my_backend() -> FakeBackend { FakeBackend::new(|_| async {}) }
//! llm_sandbox_testing::contract_tests!(Arc::new(my_backend()));
//! # fn main() {}
//! ```

pub mod deadlines;
pub mod files;
pub mod inputs;
pub mod keeping;
pub mod live;
pub mod output;
pub mod runs;
pub mod sessions;
pub mod transfers;

use std::{path::PathBuf, sync::Arc};

use llm_sandbox_core::{Backend, Error, ErrorKind, Guarantee, Isolation, Language, Run, RunResult, Session};

/// Makes one test of each case of the contract, on the backend that an expression gives.
#[macro_export]
macro_rules! contract_tests {
    ($backend:expr) => {
        $crate::contract_tests! { @cases $backend;
            runs: hello_world, javascript_runs, exit_codes, signals_are_told, arguments_arrive, arguments_are_bytes,
                environment_is_built_from_nothing, stdin_arrives, empty_stdin_ends, large_stdin_arrives,
                large_sources_run, working_directory, tracebacks_name_the_source, commands_run_without_a_shell,
                shell_scripts_run, missing_programs_never_start, usage_is_told, output_is_bytes;
            sessions: files_stay_between_runs, runs_overlap, overlapping_sources_stay_apart, sessions_are_apart,
                closing_is_idempotent, closing_ends_runs, closed_sessions_say_so, dropped_sessions_go,
                many_runs_one_after_another;
            deadlines: timeouts_are_outcomes, timeouts_kill_the_tree, zero_is_a_deadline, busy_loops_run_out_of_cpu_time,
                ignored_signals_do_not_help, closed_output_is_still_timed, slow_readers_do_not_stop_the_clock,
                background_children_do_not_hold_a_run, memory_limit_is_an_outcome;
            output: output_cap_keeps_head_and_tail, output_below_the_cap_is_whole, unlimited_output_streams_all,
                stderr_floods_do_not_block, split_characters_stay_whole, output_is_in_order;
            live: events_come_as_they_are_printed, stdin_can_be_written_live, runs_can_be_killed,
                signals_can_be_sent, dropping_a_handle_kills, dropping_a_run_future_kills, terminals_are_terminals;
            files: written_files_are_read, directories_are_listed, trees_are_listed, stat_describes, removal_removes,
                missing_files_are_errors, reads_are_bounded, names_are_bytes, code_and_files_meet;
            transfers: trees_travel_both_ways, single_files_travel, planted_links_do_not_lead_out,
                pipes_are_skipped, occupied_destinations_are_refused;
            inputs: empty_programs, huge_programs, broken_programs, broken_arguments, broken_paths, broken_directories,
                broken_deadlines, broken_limits, absent_mounts, broken_variables;
            keeping: detached_servers_are_reached, detached_output_is_kept, detached_handles_are_waited_for,
                runs_are_listed_and_stopped, commands_are_executed, sessions_tell_of_themselves, lifetimes_end_sessions,
                idle_sessions_end, runs_are_watched, sessions_are_shared;
        }
    };
    (@cases $backend:expr; $($module:ident: $($case:ident),*;)*) => {$(
        mod $module {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::contract::$module::$case($backend).await;
                }
            )*
        }
    )*};
}

type Shared = Arc<dyn Backend>;

async fn open(backend: Shared) -> Session {
    Session::builder_on(backend, Language::Python).open().await.expect("a session opens")
}

async fn run(session: &Session, run: impl Into<Run>) -> RunResult {
    session.run(run).await.expect("the sandbox lives")
}

/// Runs code that has to succeed, and gives what it printed.
async fn printed(session: &Session, code: impl Into<Run>) -> String {
    let result = run(session, code).await;
    assert!(result.is_success(), "{:?}: {}", result.outcome, result.stderr_text());
    result.stdout_text().into_owned()
}

/// Why this backend does not hold a guarantee on this host; `None` where it does.
async fn not_held(backend: &Shared, guarantee: Guarantee) -> Option<String> {
    let capabilities = backend.capabilities(Isolation::Full).await.expect("it says what it promises");
    let form = capabilities.get(guarantee).map_or("it does not know of it", |assurance| &assurance.form);
    (!capabilities.holds(guarantee)).then(|| format!("{guarantee}: {form}"))
}

/// Says that there is nothing that a case can do on this host.
#[expect(clippy::print_stdout, reason = "scripts/test-suites reads it")]
fn not_run(case: &str, reason: &str) {
    println!("NOT RUN: {case}: {reason}");
}

/// Asserts that a value was refused, in words that name it, and that the session still works.
fn assert_invalid<T: std::fmt::Debug>(result: Result<T, Error>, names: &str) {
    let error = result.expect_err("it cannot be used");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.to_string().contains(names), "{error:?} does not name {names:?}");
}

/// A fresh directory on the host, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let unique = std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), 0);
        let path = std::env::temp_dir().join(format!("contract-{unique:016x}"));
        std::fs::create_dir(&path).expect("a fresh directory");
        Self(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A test that failed has more to say than a directory that stayed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
