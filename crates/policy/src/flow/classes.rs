//! Functions and classes of the code itself: where what their calls give goes.

use std::rc::Rc;

use super::scopes::Scopes;
use super::value::{Given, Value};

/// What takes what the call of a class gives.
#[derive(Clone)]
pub(crate) enum Constructor {
    /// A function, by the scope it opens.
    Function(usize),
    /// Fields, in their order.
    Fields(Vec<Rc<str>>),
}

impl Scopes {
    /// What a class is to those who call it: something only if it is known what takes what they give.
    pub(crate) fn class(&self, class: usize) -> Value {
        if self.is_class_of_its_own(class) { Value::Local(class) } else { Value::Unknown }
    }

    pub(crate) fn is_class_of_its_own(&self, class: usize) -> bool {
        self.constructors.contains_key(&class)
    }

    /// Says that the objects of a class are made by `function`.
    pub(crate) fn construct_by(&mut self, class: usize, function: usize) {
        self.constructors.insert(class, Constructor::Function(function));
    }

    /// Says that the objects of a class are made of one more field.
    pub(crate) fn construct_of(&mut self, class: usize, field: Rc<str>) {
        let constructor = self.constructors.entry(class).or_insert_with(|| Constructor::Fields(Vec::new()));
        if let Constructor::Fields(fields) = constructor
            && !fields.contains(&field)
        {
            fields.push(field);
        }
    }

    /// Says that a class that says nothing itself makes its objects as what it inherits from does.
    pub(crate) fn construct_as<'v>(&mut self, class: usize, bases: impl IntoIterator<Item = &'v Value>) {
        if self.is_class_of_its_own(class) {
            return;
        }
        let inherited = bases.into_iter().flat_map(Value::alternatives).find_map(|base| match base {
            Value::Local(base) => self.constructors.get(base).cloned(),
            _ => None,
        });
        self.constructors.extend(inherited.map(|constructor| (class, constructor)));
    }

    /// A call of one of the code's own functions or classes: what it gives goes to the parameters.
    pub(crate) fn call_own(&mut self, own: usize, given: &Given) -> Value {
        let function = match self.constructors.get(&own).cloned() {
            Some(Constructor::Function(function)) => function,
            Some(Constructor::Fields(fields)) => {
                for (field, value) in fields.iter().zip(&given.positional) {
                    self.keep_field(field, value.clone());
                }
                for (name, value) in &given.named {
                    let own = fields.iter().find(|field| field.trim_start_matches('@') == &**name);
                    self.keep_field(own.unwrap_or(name), value.clone());
                }
                return Value::Unknown;
            }
            None => own,
        };
        for (position, value) in given.positional.iter().enumerate() {
            self.give(function, position, value.clone());
        }
        for (name, value) in &given.named {
            self.give_by_name(function, name, value.clone());
        }
        if function == own { self.returned_by(function) } else { Value::Unknown }
    }
}
