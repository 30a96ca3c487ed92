//! Functions that are handed on with what they are to be given, and directories in which others look for a name.

use std::ops::Range;

use super::Cpp;
use super::collections::run_through;
use super::computing::operation;
use super::objects::class_of;
use crate::flow::value::{Given, Named, Value};

/// Functions that call one with what follows it.
const CALLING: [&str; 12] = [
    "std::thread",
    "std::jthread",
    "std::thread().emplace_back",
    "std::jthread().emplace_back",
    "boost::thread",
    "std::async",
    "std::invoke",
    "std::invoke_r",
    "std::bind",
    "std::bind_front",
    "std::call_once",
    "std::packaged_task",
];

/// Functions that call one with each element of a sequence.
const CALLING_WITH_EACH: [&str; 12] = [
    "std::for_each",
    "std::for_each_n",
    "std::transform",
    "std::any_of",
    "std::all_of",
    "std::none_of",
    "std::find_if",
    "std::ranges::for_each",
    "std::ranges::transform",
    "std::ranges::any_of",
    "std::ranges::all_of",
    "std::ranges::find_if",
];

/// Functions that call one with all that lies below a path.
const WALKING: [&str; 4] = ["ftw", "nftw", "ftw64", "nftw64"];

/// What stands for the arguments that a bound function is given later.
const PLACEHOLDERS: &str = "std::placeholders::";

impl Cpp {
    /// Calls of functions that `path` is given. What `std::bind` gives is the function, for what it is given later.
    pub(super) fn hand_on(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let all = given.positional.as_slice();
        if CALLING_WITH_EACH.contains(&path) {
            let sequence = all.iter().find(|one| !run_through(one).is_unknown())?;
            let elements = Given { positional: vec![run_through(sequence)], ..Given::default() };
            self.call_handed(all.last()?, &elements, span);
            return None;
        }
        if path == "std::apply" {
            let [function, Value::Sequence(arguments)] = all else { return None };
            let arguments = Given { positional: arguments.to_vec(), ..Given::default() };
            self.call_handed(function, &arguments, span);
            return None;
        }
        if WALKING.contains(&path) {
            let start = Given { positional: vec![given.get(0)], ..Given::default() };
            self.call_handed(all.get(1)?, &start, span);
            return None;
        }
        if !CALLING.contains(&path) {
            return None;
        }
        // How it is called, or whether it has been, may stand before it.
        let is_policy = |one: &Value| one.as_named().is_some_and(|named| named.path.starts_with("std::launch"));
        let has_first = path == "std::call_once" || all.first()?.alternatives().iter().any(is_policy);
        let (function, arguments) = all.get(usize::from(has_first)..)?.split_first()?;
        let arguments = Given { positional: arguments.to_vec(), ..Given::default() };
        self.call_handed(function, &arguments, span);
        path.starts_with("std::bind").then(|| function.clone())
    }

    /// A call by another function. One that hands on itself is not followed, as there may be many.
    fn call_handed(&mut self, function: &Value, given: &Given, span: &Range<usize>) {
        for one in function.alternatives() {
            match one {
                Value::Named(named) if !is_handing(&named.path) => {
                    self.call_named(named, given, span);
                }
                Value::Local(function) if self.methods.contains(function) => {
                    // A method is given its object first.
                    let has_object = given.get(0).alternatives().iter().any(|one| class_of(one).is_some());
                    let rest = given.positional.iter().skip(usize::from(has_object)).cloned().collect();
                    self.give_all(*function, &Given { positional: rest, ..Given::default() });
                }
                Value::Local(function) => {
                    let is_later = |one: &Value| one.as_named().is_some_and(|one| one.path.starts_with(PLACEHOLDERS));
                    if !given.positional.iter().any(is_later) {
                        self.give_all(*function, given);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a value is the type of a thread.
pub(super) fn is_thread(value: &Value) -> bool {
    value.as_named().is_some_and(|named| matches!(&*named.path, "std::thread" | "std::jthread"))
}

fn is_handing(path: &str) -> bool {
    CALLING.contains(&path) || CALLING_WITH_EACH.contains(&path) || WALKING.contains(&path) || path == "std::apply"
}

/// Gives names that are looked for in an open directory the path of that directory.
pub(super) fn within_directories(path: &str, given: &mut Given) {
    let places: &[(usize, usize)] = match path {
        "openat" | "openat2" | "unlinkat" | "mkdirat" | "fchmodat" | "fchownat" | "utimensat" | "mknodat" => &[(0, 1)],
        "renameat" | "renameat2" | "linkat" => &[(0, 1), (2, 3)],
        "symlinkat" => &[(1, 2)],
        _ => return,
    };
    for (directory, name) in places {
        let directory = given.get(*directory);
        if let Some(name) = given.positional.get_mut(*name) {
            *name = directory.map_with(name, |directory, name| match directory {
                Value::Named(Named { about: Some(directory), .. }) => {
                    operation("/", &Value::Text(directory.clone()), name)
                }
                _ => name.clone(),
            });
        }
    }
}
