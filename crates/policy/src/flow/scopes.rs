use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::classes::Constructor;
use super::sequences::grown;
use super::value::Value;

/// What a scope is to the names in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The whole source.
    Module,
    /// Runs later than what surrounds it.
    Function,
    /// Seen by nothing within it but what stands in it directly.
    Class,
    /// A comprehension or a block: runs where it stands.
    Block,
}

/// What the first pass learned of a scope, for the second to use.
#[derive(Default)]
pub(crate) struct Learned {
    bound: HashMap<Rc<str>, Value>,
    /// Values that calls give to its parameters, by position.
    given: Vec<Option<Value>>,
    /// And by name.
    given_by_name: Vec<(Rc<str>, Value)>,
    pub(crate) returns: Option<Value>,
}

struct Scope {
    id: usize,
    kind: Kind,
    now: HashMap<Rc<str>, Value>,
    /// Names that belong to a scope further out (`global`, `nonlocal`).
    outside: HashSet<Rc<str>>,
    /// Modules of which everything was taken.
    stars: Vec<Rc<str>>,
    /// How many branches and loops are open here.
    branches: usize,
}

/// The scopes that are open, and what is known of all.
#[derive(Default)]
pub(crate) struct Scopes {
    open: Vec<Scope>,
    learned: HashMap<usize, Learned>,
    /// What is kept in attributes of objects that are not known, by the attribute's name alone.
    fields: HashMap<Rc<str>, Value>,
    /// What takes what calls of classes give.
    pub(super) constructors: HashMap<usize, Constructor>,
}

impl Scopes {
    pub(crate) fn enter(&mut self, id: usize, kind: Kind) {
        let (now, outside) = (HashMap::new(), HashSet::new());
        self.open.push(Scope { id, kind, now, outside, stars: Vec::new(), branches: 0 });
    }

    pub(crate) fn leave(&mut self) {
        self.open.pop();
    }

    pub(crate) fn open_branch(&mut self) {
        if let Some(scope) = self.open.last_mut() {
            scope.branches += 1;
        }
    }

    pub(crate) fn close_branch(&mut self) {
        if let Some(scope) = self.open.last_mut() {
            scope.branches = scope.branches.saturating_sub(1);
        }
    }

    /// The scope of the innermost function, if one is open.
    pub(crate) fn function(&self) -> Option<usize> {
        self.open.iter().rev().find(|scope| scope.kind == Kind::Function).map(|scope| scope.id)
    }

    /// The scope that was opened last.
    pub(crate) fn innermost(&self) -> Option<usize> {
        self.open.last().map(|scope| scope.id)
    }

    pub(crate) fn is_class(&self) -> bool {
        self.open.last().is_some_and(|scope| scope.kind == Kind::Class)
    }

    /// Says that `name` belongs to a scope further out.
    pub(crate) fn is_outside(&mut self, name: &str) {
        if let Some(scope) = self.open.last_mut() {
            scope.outside.insert(name.into());
        }
    }

    pub(crate) fn take_all_of(&mut self, module: &str) {
        if let Some(scope) = self.open.last_mut() {
            scope.stars.push(module.into());
        }
    }

    /// Gives `name` a value in the innermost scope that takes names of this sort.
    pub(crate) fn bind(&mut self, name: &str, value: Value) {
        let at = self.open.len().saturating_sub(1);
        self.bind_at(at, name, value);
    }

    /// The same past blocks: what `var` and `:=` do.
    pub(crate) fn bind_beyond_blocks(&mut self, name: &str, value: Value) {
        let at = self.open.iter().rposition(|scope| scope.kind != Kind::Block).unwrap_or(0);
        self.bind_at(at, name, value);
    }

    /// Gives the nearest variable of that name a value; where there is none, the module has one then.
    pub(crate) fn assign(&mut self, name: &str, value: Value) {
        let known = |scope: &Scope| {
            let learned = self.learned.get(&scope.id);
            scope.now.contains_key(name) || learned.is_some_and(|learned| learned.bound.contains_key(name))
        };
        let at = self.open.iter().rposition(known).unwrap_or(0);
        self.bind_at(at, name, value);
    }

    /// Gives the nearest variable of that name a collection that holds all that it held before.
    pub(crate) fn grow(&mut self, name: &str, value: Value) {
        let Some(scope) = self.open.iter_mut().rev().find(|scope| scope.now.contains_key(name)) else {
            return self.assign(name, value);
        };
        scope.now.insert(name.into(), value.clone());
        let all = self.learned.entry(scope.id).or_default().bound.entry(name.into()).or_default();
        // What it held before it holds still.
        let is_collection = |one: &&Value| matches!(one, Value::Sequence(_) | Value::Mapping(_));
        let others: Vec<_> = all.alternatives().iter().filter(|one| !is_collection(one)).cloned().collect();
        *all = Value::either([value].into_iter().chain(others));
    }

    /// Gives the nearest variable of that name in this function a value; where there is none, the innermost scope has
    /// one then.
    pub(crate) fn assign_in_function(&mut self, name: &str, value: Value) {
        let function = self.open.iter().rposition(|scope| scope.kind == Kind::Function).unwrap_or(0);
        let innermost = self.open.len().saturating_sub(1);
        let here = self.open.iter().skip(function).rposition(|scope| scope.now.contains_key(name));
        self.bind_at(here.map_or(innermost, |at| function + at), name, value);
    }

    /// Whether anything binds `name` that can be seen here.
    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.open.iter().any(|scope| {
            let learned = self.learned.get(&scope.id);
            scope.now.contains_key(name) || learned.is_some_and(|learned| learned.bound.contains_key(name))
        })
    }

    /// Whether the innermost function has a variable of that name.
    pub(crate) fn is_bound_in_function(&self, name: &str) -> bool {
        let function = self.open.iter().rposition(|scope| scope.kind == Kind::Function).unwrap_or(0);
        self.open.iter().skip(function).any(|scope| scope.now.contains_key(name))
    }

    /// Gives a variable that lies outside the innermost function a value, if there is one of that name.
    pub(crate) fn assign_beyond_function(&mut self, name: &str, value: Value) {
        let function = self.open.iter().rposition(|scope| scope.kind == Kind::Function).unwrap_or(0);
        let knows = |scope: &Scope| {
            let learned = self.learned.get(&scope.id);
            scope.now.contains_key(name) || learned.is_some_and(|learned| learned.bound.contains_key(name))
        };
        if let Some(at) = self.open[..function].iter().rposition(knows) {
            self.bind_at(at, name, value);
        }
    }

    /// Gives a name of the module one more value.
    pub(crate) fn bind_in_module(&mut self, name: &str, value: Value) {
        let before = self.open.first().and_then(|module| module.now.get(name)).cloned();
        self.bind_at(0, name, Value::either(before.into_iter().chain([value])));
    }

    /// Lets code in strings see what the names of functions stand for here, as far as these have names themselves.
    pub(crate) fn show_locals_to_module(&mut self) {
        let inner = self.open.iter().skip(1).flat_map(|scope| &scope.now);
        let named: Vec<_> =
            inner.filter(|(_, value)| value.may_be_named()).map(|(n, v)| (n.clone(), v.clone())).collect();
        for (name, value) in named {
            self.bind_in_module(&name, value);
        }
    }

    fn bind_at(&mut self, at: usize, name: &str, value: Value) {
        let mut at = at;
        while at > 0 && self.open[at].outside.contains(name) {
            at -= 1;
        }
        let Some(innermost) = self.open.len().checked_sub(1) else { return };
        let scope = &mut self.open[at];
        let name: Rc<str> = name.into();
        let all = self.learned.entry(scope.id).or_default().bound.entry(name.clone());
        all.and_modify(|all| *all = Value::either([all.clone(), value.clone()])).or_insert_with(|| value.clone());
        let may_not_happen = scope.branches > 0 || at != innermost;
        match scope.now.get(&name) {
            Some(before) if may_not_happen => {
                let both = Value::either([before.clone(), value]);
                scope.now.insert(name, both);
            }
            _ => {
                scope.now.insert(name, value);
            }
        }
    }

    /// What `name` stands for here. `otherwise` is what it is where nothing binds it.
    pub(crate) fn look_up(&self, name: &str, otherwise: Value) -> Value {
        let mut later = false;
        let mut stars = Vec::new();
        for (distance, scope) in self.open.iter().rev().enumerate() {
            if (scope.kind == Kind::Class && distance > 0) || scope.outside.contains(name) {
                later |= scope.kind == Kind::Function;
                continue;
            }
            let ever = self.learned.get(&scope.id).and_then(|learned| learned.bound.get(name));
            match (scope.now.get(name), ever) {
                (Some(now), _) if !later => return now.clone(),
                (Some(now), Some(ever)) => return Value::either([now.clone(), ever.clone()]),
                (Some(now), None) => return now.clone(),
                // Not bound yet: perhaps in a loop, perhaps never before this is reached.
                (None, Some(ever)) if scope.kind == Kind::Module => {
                    return Value::either([ever.clone(), otherwise]);
                }
                (None, Some(ever)) => return ever.clone(),
                (None, None) => {}
            }
            stars.extend(scope.stars.iter().map(|module| Value::named(format!("{module}.{name}"))));
            later |= scope.kind == Kind::Function;
        }
        if stars.is_empty() { otherwise } else { Value::either(stars.into_iter().chain([otherwise])) }
    }

    /// What names that begin so stand for in the source's own scope, ever.
    pub(crate) fn bound_beginning(&self, beginning: &str) -> Vec<Value> {
        let module = self.open.first().and_then(|module| self.learned.get(&module.id));
        let bound = module.into_iter().flat_map(|module| &module.bound);
        bound.filter(|(name, _)| name.starts_with(beginning)).map(|(_, value)| value.clone()).take(64).collect()
    }

    /// What a name stands for in a scope that need not be open.
    pub(crate) fn bound_in(&self, scope: usize, name: &str) -> Option<Value> {
        self.learned.get(&scope).and_then(|learned| learned.bound.get(name)).cloned()
    }

    /// Remembers what a call of the code's own function gives to its parameters.
    pub(crate) fn give(&mut self, function: usize, position: usize, value: Value) {
        let given = &mut self.learned.entry(function).or_default().given;
        if given.len() <= position {
            given.resize(position + 1, None);
        }
        given[position] = Some(match given[position].take() {
            Some(before) => Value::either([before, value]),
            None => value,
        });
    }

    /// What any call gives to that parameter of the function, one that is not seen included.
    pub(crate) fn given(&self, function: usize, position: usize) -> Value {
        self.given_by_calls(function, position).map_or(Value::Unknown, |given| Value::either([Value::Unknown, given]))
    }

    /// What the calls that are seen give to it, if any does.
    pub(crate) fn given_by_calls(&self, function: usize, position: usize) -> Option<Value> {
        self.learned.get(&function)?.given.get(position)?.clone()
    }

    /// Values that calls give to the function's parameters from a position on.
    pub(crate) fn given_from(&self, function: usize, position: usize) -> Vec<Value> {
        let number = self.learned.get(&function).map_or(0, |learned| learned.given.len());
        (position..number).map(|position| self.given(function, position)).collect()
    }

    /// Remembers what a call gives to the parameter of that name.
    pub(crate) fn give_by_name(&mut self, function: usize, name: &Rc<str>, value: Value) {
        let given = &mut self.learned.entry(function).or_default().given_by_name;
        match given.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = Value::either([known.clone(), value]),
            None => given.push((name.clone(), value)),
        }
    }

    /// All that calls give to the function's parameters by name.
    pub(crate) fn given_by_name(&self, function: usize) -> &[(Rc<str>, Value)] {
        self.learned.get(&function).map(|learned| learned.given_by_name.as_slice()).unwrap_or_default()
    }

    pub(crate) fn returns(&mut self, function: usize, value: Value) {
        let returns = &mut self.learned.entry(function).or_default().returns;
        *returns = Some(match returns.take() {
            Some(before) => Value::either([before, value]),
            None => value,
        });
    }

    /// Remembers what a generator yields: it gives all of it, in order.
    pub(crate) fn yields(&mut self, function: usize, value: Value) {
        let returns = &mut self.learned.entry(function).or_default().returns;
        *returns = Some(match returns.take() {
            Some(before @ Value::Sequence(_)) => match grown(&before, [value]) {
                Value::Unknown => before,
                more => more,
            },
            Some(before) => Value::either([before, Value::sequence(vec![value])]),
            None => Value::sequence(vec![value]),
        });
    }

    pub(crate) fn returned_by(&self, function: usize) -> Value {
        self.learned.get(&function).and_then(|learned| learned.returns.clone()).unwrap_or_default()
    }

    pub(crate) fn keep_field(&mut self, name: &str, value: Value) {
        if value.is_unknown() {
            return;
        }
        let both = match self.fields.get(name) {
            Some(before) => Value::either([before.clone(), value]),
            None => value,
        };
        self.fields.insert(name.into(), both);
    }

    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).cloned()
    }
}
