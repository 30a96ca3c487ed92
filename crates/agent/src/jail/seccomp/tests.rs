//! The programs are run by a small interpreter and held against the table, against an independent compiler, and against
//! what is asked of them in words.

mod interpreter;
mod kernel;
mod oracle;
mod requirements;

use std::collections::BTreeMap;

use libc::{ENOSYS, ENOTSUP, EPERM};

use self::interpreter::{Call, execute};
use self::oracle::Oracle;
use super::compile::{ARCHITECTURE, compile};
use super::policy::{self, Action, Condition, Group, Policy, Rule, Verdict};
use super::{AGENT, RUN, RUN_AMONG_OTHERS, RUN_AS_THE_CALLER, RUN_BESIDE_ITS_AGENT, agent_filter, rule};

const RUNS: [(&str, &Policy); 3] =
    [("run", &RUN), ("run among others", &RUN_AMONG_OTHERS), ("run as the caller", &RUN_AS_THE_CALLER)];

const POLICIES: [(&str, &Policy); 5] =
    [RUNS[0], RUNS[1], RUNS[2], ("run beside its agent", &RUN_BESIDE_ITS_AGENT), ("agent", &AGENT)];

/// Every number Linux has given out; the gaps are the architectures'.
#[cfg(target_arch = "x86_64")]
const GIVEN_OUT: [std::ops::RangeInclusive<u32>; 2] = [0..=336, 424..=471];
#[cfg(target_arch = "aarch64")]
const GIVEN_OUT: [std::ops::RangeInclusive<u32>; 3] = [0..=243, 260..=294, 424..=471];

fn verdict(policy: &Policy, call: &Call) -> Verdict {
    execute(&compile(policy), call).verdict
}

/// The numbers a policy lists, each with its name and group.
fn listed(policy: &Policy) -> BTreeMap<u32, (&'static str, Action)> {
    let mut listed = BTreeMap::new();
    for group in policy.groups() {
        for &(name, number) in group.calls {
            let number = u32::try_from(number).expect("a number from the table");
            assert!(listed.insert(number, (name, group.action)).is_none(), "{name} is listed twice");
        }
    }
    listed
}

/// Argument triples worth trying with a rule: every value it names and its neighbours, with and without what the rule
/// must not look at.
fn arguments_worth_trying(rule: &Rule) -> Vec<[u64; 4]> {
    let mut values: [Vec<u64>; 4] = std::array::from_fn(|_| vec![0, u64::MAX]);
    for condition in rule.cases.iter().flat_map(|case| case.when) {
        match *condition {
            Condition::OneOf { argument, mask, values: named } => {
                for &value in named {
                    let wide = u64::from(value);
                    let beside =
                        [wide, wide | 1 << 32, wide.wrapping_add(1), wide.wrapping_sub(1), wide | u64::from(!mask)];
                    values[usize::from(argument)].extend(beside);
                    values[usize::from(argument)].extend([1, u64::from(u32::MAX)]);
                }
            }
            Condition::AnyBit { argument, bits } => {
                let each = (0..64).map(|bit| 1 << bit);
                values[usize::from(argument)].extend(each.chain([u64::from(bits), u64::from(!bits)]));
            }
        }
    }
    let none = vec![[0; 4]];
    values.iter().enumerate().fold(none, |tried, (place, values)| {
        let with = |arguments: [u64; 4], value: u64| {
            let mut arguments = arguments;
            arguments[place] = value;
            arguments
        };
        tried.iter().flat_map(|&arguments| values.iter().map(move |&value| with(arguments, value))).collect()
    })
}

/// Calls that reach every decision of a policy.
fn calls_worth_trying(policy: &Policy) -> Vec<Call> {
    let mut calls: Vec<Call> = (0..=1100)
        .flat_map(|number| {
            [[0; 6], [u64::MAX; 6]].map(|arguments| Call { number, architecture: ARCHITECTURE, arguments })
        })
        .collect();
    for (number, (_, action)) in listed(policy) {
        if let Action::ByArguments(rule) = action {
            calls.extend(arguments_worth_trying(rule).iter().map(|arguments| Call::new(number.into(), arguments)));
        }
    }
    calls
}

#[test]
fn policies_list_every_call_once() {
    for (name, policy) in POLICIES {
        let listed: Vec<u32> = listed(policy).into_keys().collect();
        let given_out: Vec<u32> = GIVEN_OUT.into_iter().flatten().collect();
        assert_eq!(listed, given_out, "{name}");
    }
}

#[test]
fn every_group_has_a_reason_and_every_refusal_an_error() {
    for group in POLICIES.iter().flat_map(|(_, policy)| policy.groups()) {
        assert!(!group.reason.trim().is_empty(), "{:?} have no reason", group.calls);
        if let Action::Always(Verdict::Refuse(errno)) = group.action {
            assert!(matches!(errno, EPERM | ENOSYS | ENOTSUP), "{:?}", group.calls);
        }
    }
}

#[test]
fn the_program_is_what_an_independent_compiler_makes_of_the_table() {
    for (name, policy) in POLICIES {
        let program = compile(policy);
        let oracle = Oracle::new(policy);
        for call in calls_worth_trying(policy) {
            assert_eq!(execute(&program, &call).verdict, oracle.verdict(&call), "{name}: {call:?}");
        }
    }
}

#[test]
fn programs_are_short_and_shallow() {
    for (name, policy) in POLICIES {
        let program = compile(policy);
        assert!(program.len() < 400, "{name}: {} instructions", program.len());
        let deepest = calls_worth_trying(policy).iter().map(|call| execute(&program, call).steps).max();
        assert!(deepest < Some(40), "{name}: {deepest:?} instructions for one call");
    }
}

#[test]
fn calls_allowed_whatever_their_arguments_are_decided_without_looking_at_them() {
    for (name, policy) in POLICIES {
        let program = compile(policy);
        for (number, (call, action)) in listed(policy) {
            let looked = execute(&program, &Call::new(number.into(), &[])).looked_at_arguments;
            assert_eq!(looked, matches!(action, Action::ByArguments(_)), "{name}: {call}");
        }
    }
}

#[test]
fn what_a_run_may_do_the_agent_may_do() {
    let agent = agent_filter();
    for (name, policy) in RUNS {
        let run = compile(policy);
        for call in calls_worth_trying(policy) {
            if execute(&run, &call).verdict == Verdict::Allow {
                assert_eq!(execute(&agent, &call).verdict, Verdict::Allow, "{name}: {call:?}");
            }
        }
    }
}

#[test]
fn without_namespaces_a_run_may_do_less_and_as_the_caller_still_less() {
    for pair in RUNS.windows(2) {
        let ((_, wide), (name, narrow)) = (pair[0], pair[1]);
        let (wide, program) = (compile(wide), compile(narrow));
        for call in calls_worth_trying(narrow) {
            if execute(&program, &call).verdict == Verdict::Allow {
                assert_eq!(execute(&wide, &call).verdict, Verdict::Allow, "{name}: {call:?}");
            }
        }
    }
}

#[test]
fn other_instruction_sets_are_killed() {
    let foreign = [0, 3, 40, 0x4000_0003, 0xc000_003e, 0xc000_00b7, 0x8000_00b7, u32::MAX];
    for (name, policy) in POLICIES {
        let program = compile(policy);
        for architecture in foreign.into_iter().filter(|&foreign| foreign != ARCHITECTURE) {
            for number in [0, 1, 59, 102, 471, u32::MAX] {
                let call = Call { number, architecture, arguments: [0; 6] };
                assert_eq!(execute(&program, &call).verdict, Verdict::Kill, "{name}: {call:?}");
            }
        }
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_x32_table_is_killed() {
    for (name, policy) in POLICIES {
        let program = compile(policy);
        for number in (0..=1100).map(|number| number | super::compile::X32) {
            let call = Call { number, architecture: ARCHITECTURE, arguments: [0; 6] };
            assert_eq!(execute(&program, &call).verdict, Verdict::Kill, "{name}: {call:?}");
        }
    }
}

#[test]
fn unknown_numbers_do_not_exist() {
    for (name, policy) in POLICIES {
        let program = compile(policy);
        for number in (472..=1100).chain([0x3fff_ffff, 0x8000_0000, 0xbfff_ffff]) {
            let call = Call { number, architecture: ARCHITECTURE, arguments: [0; 6] };
            assert_eq!(execute(&program, &call).verdict, Verdict::Refuse(ENOSYS), "{name}: {call:?}");
        }
    }
}

/// A policy in which almost every number gets another answer.
fn checkered(size: i64) -> Policy {
    let calls: &'static [policy::Call] = Vec::leak((0..size).map(|number| ("synthetic", number)).collect());
    let group = |call: &'static policy::Call| {
        let action = match call.1 % 40 {
            7 => Action::ByArguments(&rule::SOCKET),
            23 => Action::ByArguments(&rule::CLONE),
            other => Action::Always(Verdict::Refuse(i32::try_from(other + 1).expect("small"))),
        };
        Group { action, reason: "synthetic", calls: std::slice::from_ref(call) }
    };
    let groups: &'static [Group] = Vec::leak(calls.iter().map(group).collect());
    Policy { groups: Box::leak(Box::new([groups])) }
}

/// Far more answers than a conditional jump can span: returns are repeated, distant rules are reached by a plain jump.
#[test]
fn long_programs_keep_their_jumps_in_reach() {
    let policy = checkered(800);
    let program = compile(&policy);
    let plain_jumps = program.iter().filter(|line| u32::from(line.code) == libc::BPF_JMP | libc::BPF_JA).count();
    assert!(program.len() > 800 && plain_jumps > 0, "{} instructions, {plain_jumps} plain jumps", program.len());

    let oracle = Oracle::new(&policy);
    let some_sockets = arguments_worth_trying(&rule::SOCKET);
    for number in 0..900 {
        for arguments in some_sockets.iter().step_by(601) {
            let call = Call::new(number, arguments);
            assert_eq!(execute(&program, &call).verdict, oracle.verdict(&call), "{call:?}");
        }
    }
}

/// So that each place comes to lie exactly at the end of a jump's reach, and just behind it.
#[test]
fn programs_of_every_length_can_be_written() {
    for size in 0..400 {
        compile(&checkered(size));
    }
}
