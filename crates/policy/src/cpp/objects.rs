//! Objects of the program's own classes: how they are made, and what their fields hold.

use std::iter::once;
use std::ops::Range;
use std::rc::Rc;

use super::Cpp;
use super::calls::given_of;
use super::classes::is_named_scope;
use crate::flow::scopes::Kind;
use crate::flow::value::{Given, Value};

/// What constructors are called among the members of their class. No member can have that name.
pub(super) const CONSTRUCTOR: &str = "constructor of objects";

/// The method that is called where an object is called.
pub(super) const CALL: &str = "operator()";

/// Fields of a class whose order is known, and arguments that are followed.
pub(super) const MOST_FIELDS: usize = 64;

/// What is known of a class of the program.
#[derive(Default)]
pub(super) struct Class {
    /// Classes that it is made from.
    pub(super) bases: Vec<usize>,
    /// Its fields, in their order.
    fields: Vec<Rc<str>>,
}

/// An object with what its fields were given. The first entry says of which class it is.
pub(super) fn object(class: usize, fields: impl Iterator<Item = (Rc<str>, Value)>) -> Value {
    let fields = fields.map(|(name, value)| (Value::text(name), value));
    match Value::mapping(once((Value::Local(class), Value::Unknown)).chain(fields).collect()) {
        Value::Unknown => Value::Local(class),
        object => object,
    }
}

/// The class of an object.
pub(super) fn class_of(value: &Value) -> Option<usize> {
    let class = match value {
        Value::Mapping(entries) => entries.first().map(|(class, _)| class),
        value => Some(value),
    };
    match class {
        Some(Value::Local(class)) if is_named_scope(*class) => Some(*class),
        _ => None,
    }
}

/// What an object's field holds, if that is known of this object and not only of all of its class.
fn own_field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let Value::Mapping(fields) = object else { return None };
    fields.iter().find(|(field, _)| field.whole_text() == Some(name)).map(|(_, value)| value)
}

impl Cpp {
    /// The class whose members are seen here without its name.
    pub(super) fn class(&self) -> Option<usize> {
        self.opened.iter().rev().find_map(|opened| opened.class)
    }

    /// Remembers that objects of the class that is open have one more field.
    pub(super) fn declare_field(&mut self, name: &Rc<str>) {
        let Some(class) = self.class() else { return };
        let fields = &mut self.classes.entry(class).or_default().fields;
        let position = match fields.iter().position(|known| known == name) {
            Some(position) => position,
            None if fields.len() >= MOST_FIELDS => return,
            None => {
                fields.push(name.clone());
                fields.len() - 1
            }
        };
        let place = self.places.entry(name.clone()).or_insert(Some(position));
        *place = place.filter(|known| *known == position);
    }

    /// Gives a member of a class one more value.
    pub(super) fn bind_member(&mut self, class: usize, name: &str, value: Value) {
        self.reading.scopes.enter(class, Kind::Block);
        self.reading.scopes.bind(name, value);
        self.reading.scopes.leave();
    }

    /// Remembers what a call gives to a function of the program.
    pub(super) fn give_all(&mut self, function: usize, given: &Given) {
        let count = given.positional.len();
        self.fewest.entry(function).and_modify(|fewest| *fewest = count.min(*fewest)).or_insert(count);
        for (position, value) in given.positional.iter().enumerate().take(MOST_FIELDS) {
            self.reading.scopes.give(function, position, value.clone());
        }
    }

    /// Whether a parameter that has a default may be left to it. Who calls a function is only known in the last pass.
    pub(super) fn may_be_left_out(&self, function: usize, position: usize) -> bool {
        match self.fewest.get(&function) {
            Some(fewest) => *fewest <= position,
            None => self.reading.collected.is_open,
        }
    }

    /// An object of a class that is made of what is given.
    pub(super) fn construct(&mut self, class: usize, given: &Given) -> Value {
        if let [one] = given.positional.as_slice()
            && one.alternatives().iter().any(|one| class_of(one) == Some(class))
        {
            return one.clone();
        }
        // A class that has none may use those of what it is made from.
        let constructors =
            self.with_bases(class).into_iter().find_map(|class| self.reading.scopes.bound_in(class, CONSTRUCTOR));
        if let Some(constructors) = constructors {
            for constructor in constructors.alternatives() {
                if let Value::Local(constructor) = constructor {
                    self.give_all(*constructor, given);
                }
            }
            return Value::Local(class);
        }
        let fields = self.classes.get(&class).map(|class| class.fields.clone()).unwrap_or_default();
        let by_position = fields.into_iter().zip(given.positional.iter().cloned());
        let made: Vec<_> = by_position.chain(given.named.iter().take(MOST_FIELDS).cloned()).collect();
        for (name, value) in made.iter().filter(|(_, value)| !value.is_unknown()) {
            self.bind_member(class, name, value.clone());
        }
        if made.is_empty() { Value::Local(class) } else { object(class, made.into_iter()) }
    }

    /// What a list in braces is where an object of that type is expected, or a collection of such.
    pub(super) fn object_in_braces(&mut self, of: &Value, value: &Value, span: &Range<usize>) -> Value {
        let is_own = |of: &Value| class_of(of).is_some() || matches!(of, Value::Sequence(_));
        match value {
            Value::Sequence(_) | Value::Given(_) if of.alternatives().iter().any(is_own) => {
                self.made(of, &given_of(value), span)
            }
            value => value.clone(),
        }
    }

    /// A call of what stands for a class and for its objects: an object is made, or called itself.
    pub(super) fn call_of_class(&mut self, class: usize, given: &Given) -> Value {
        let operator = self.reading.scopes.bound_in(class, CALL).unwrap_or_default();
        let mut results = vec![self.construct(class, given)];
        for function in operator.alternatives() {
            if let Value::Local(function) = function {
                self.give_all(*function, given);
                results.push(self.reading.scopes.returned_by(*function));
            }
        }
        Value::either(results)
    }

    /// What a collection of objects is given, each made of what stands for it.
    pub(super) fn given_to_collection(&mut self, elements: &[Value], name: &str, given: &Rc<Given>) -> Rc<Given> {
        let Some(class) = elements.first().and_then(class_of) else { return given.clone() };
        let one = match (name, given.positional.as_slice()) {
            ("emplace_back" | "emplace_front" | "emplace", _) => self.construct(class, given),
            ("push_back" | "push_front" | "push" | "insert", [one @ (Value::Sequence(_) | Value::Given(_))]) => {
                self.construct(class, &given_of(one))
            }
            _ => return given.clone(),
        };
        Rc::new(Given { positional: vec![one], ..Given::default() })
    }

    /// What an object of the program's own class has under a name.
    pub(super) fn member_of_own(&self, object: &Value, name: &str) -> Option<Value> {
        let class = class_of(object)?;
        let of_class = || self.with_bases(class).into_iter().find_map(|one| self.reading.scopes.bound_in(one, name));
        own_field(object, name).cloned().or_else(of_class).or_else(|| self.reading.scopes.field(name))
    }

    /// What a field is of an object that is only known as a list in braces.
    pub(super) fn field_in_braces(&self, elements: &[Value], name: &str) -> Option<Value> {
        let position = match name {
            "first" => Some(0),
            "second" => Some(1),
            _ => *self.places.get(name)?,
        };
        elements.get(position?).cloned()
    }

    /// What a structured binding takes apart, by the position.
    pub(super) fn taken_apart(&self, value: &Value, position: usize) -> Value {
        value.map(|one| match one {
            Value::Sequence(elements) => elements.get(position).cloned().unwrap_or_default(),
            one => {
                let class = class_of(one).and_then(|class| self.classes.get(&class));
                let name = class.and_then(|class| class.fields.get(position));
                name.and_then(|name| self.member_of_own(one, name)).unwrap_or_default()
            }
        })
    }
}
