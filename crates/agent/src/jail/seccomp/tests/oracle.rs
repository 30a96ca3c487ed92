//! The table as the `seccompiler` crate understands it.
//!
//! Its filters give one answer to what matches and one to what does not, so there is a filter per verdict for calls
//! decided by number, and one per position for the cases of rules.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::interpreter::{Call, execute};
use crate::jail::seccomp::policy::{Action, Case, Condition, Policy, Rule, Verdict};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

pub(super) struct Oracle {
    by_number: Vec<(Verdict, Vec<libc::sock_filter>)>,
    rules: BTreeMap<u32, &'static Rule>,
    /// At position n: which calls' n-th case holds.
    cases: Vec<Vec<libc::sock_filter>>,
}

impl Oracle {
    pub(super) fn new(policy: &Policy) -> Self {
        let mut by_number: Vec<(Verdict, Rules)> = Vec::new();
        let mut rules = BTreeMap::new();
        let mut cases: Vec<Rules> = Vec::new();
        for (group, number) in policy.groups().flat_map(|group| group.calls.iter().map(move |call| (group, call.1))) {
            match group.action {
                Action::Always(verdict) => match by_number.iter_mut().find(|(other, _)| *other == verdict) {
                    Some((_, numbers)) => drop(numbers.insert(number, Vec::new())),
                    None => by_number.push((verdict, Rules::from([(number, Vec::new())]))),
                },
                Action::ByArguments(rule) => {
                    rules.insert(u32::try_from(number).expect("a number from the table"), rule);
                    for (position, case) in rule.cases.iter().enumerate() {
                        cases.resize_with(cases.len().max(position + 1), Rules::new);
                        cases[position].insert(number, translate(case));
                    }
                }
            }
        }
        let by_number = by_number.into_iter().map(|(verdict, rules)| (verdict, assemble(rules))).collect();
        Self { by_number, rules, cases: cases.into_iter().map(assemble).collect() }
    }

    /// What a native call must get.
    pub(super) fn verdict(&self, call: &Call) -> Verdict {
        if let Some(rule) = self.rules.get(&call.number) {
            let holds = |position: &usize| matches(&self.cases[*position], call);
            return (0..rule.cases.len()).find(holds).map_or(rule.otherwise, |position| rule.cases[position].then);
        }
        let mut verdicts =
            self.by_number.iter().filter(|(_, filter)| matches(filter, call)).map(|(verdict, _)| *verdict);
        let verdict = verdicts.next().unwrap_or(Verdict::Refuse(libc::ENOSYS));
        assert_eq!(verdicts.next(), None, "two verdicts for {call:?}");
        verdict
    }
}

fn matches(filter: &[libc::sock_filter], call: &Call) -> bool {
    execute(filter, call).value == libc::SECCOMP_RET_ALLOW
}

fn assemble(rules: Rules) -> Vec<libc::sock_filter> {
    let architecture = std::env::consts::ARCH.try_into().expect("an architecture it knows");
    let filter = SeccompFilter::new(rules, SeccompAction::Log, SeccompAction::Allow, architecture).expect("a filter");
    let program: BpfProgram = filter.try_into().expect("a program");
    program.iter().map(|line| libc::sock_filter { code: line.code, jt: line.jt, jf: line.jf, k: line.k }).collect()
}

/// A case as alternatives of which each is a conjunction.
fn translate(case: &Case) -> Vec<SeccompRule> {
    let mut alternatives: Vec<Vec<SeccompCondition>> = vec![Vec::new()];
    for condition in case.when {
        let ways = ways(condition);
        alternatives = alternatives
            .iter()
            .flat_map(|so_far| ways.iter().map(|way| [so_far.as_slice(), std::slice::from_ref(way)].concat()))
            .collect();
    }
    alternatives.into_iter().map(|conditions| SeccompRule::new(conditions).expect("a rule")).collect()
}

fn ways(condition: &Condition) -> Vec<SeccompCondition> {
    let masked = |argument, mask: u32, value: u32| {
        let operator = SeccompCmpOp::MaskedEq(mask.into());
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value.into()).expect("a condition")
    };
    match *condition {
        Condition::OneOf { argument, mask, values } => {
            values.iter().map(|&value| masked(argument, mask, value)).collect()
        }
        Condition::AnyBit { argument, bits } => {
            let each = (0..32).map(|bit| 1 << bit).filter(|bit| bits & bit != 0);
            each.map(|bit| masked(argument, bit, bit)).collect()
        }
    }
}
