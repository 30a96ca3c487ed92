//! Objects: what their constructors are given, and what they are made of.

use std::ops::Range;
use std::rc::Rc;

use tree_sitter::Node;

use super::Java;
use super::calls::given_to;
use super::names::typed;
use crate::flow::value::{Given, Named, Value};
use crate::flow::walk::Seen;

/// Statements of a constructor that are looked at.
const MOST_STATEMENTS: usize = 64;

impl Java {
    /// What else a class is made of than fields and methods.
    pub(super) fn part_of_class(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "explicit_constructor_invocation" => self.constructor_invocation(node, ancestors),
            "enum_constant" => self.enum_constant(node, ancestors),
            "constructor_declaration" => self.constructor_declaration(node, ancestors),
            _ if ancestors.last().is_some_and(|owner| owner.kind == "record_declaration") => {
                return self.component_types(node);
            }
            _ => self.formal_parameters(node),
        }
        Value::Unknown
    }

    pub(super) fn object_creation(&mut self, node: &Seen<'_>) -> Value {
        let (span, given) = (node.node.byte_range(), given_to(node));
        let name = node.part("type").map(|class| self.reading.text(class.node)).unwrap_or_default();
        let own = self.construct(&name, &given, &span);
        if let Some(own) = own.filter(|own| !own.is_unknown()) {
            return own;
        }
        self.construct_platform(&node.value("type"), &given, &span)
    }

    /// An object of a class that is not the code's own.
    fn construct_platform(&mut self, class: &Value, given: &Given, span: &Range<usize>) -> Value {
        let mut objects = Vec::new();
        for class in class.alternatives() {
            objects.push(match class {
                Value::Named(named) => {
                    let constructor = Named { path: format!("{}.new", named.path).into(), about: None };
                    self.call_named(&constructor, given, span, 0)
                }
                _ => Value::Unknown,
            });
        }
        Value::either(objects)
    }

    /// An object of one of the code's own classes; nothing where no constructor of such a class is known.
    fn construct(&mut self, class: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let class = class.split('<').next().unwrap_or_default();
        let fitting = [Some(given.positional.len()), None];
        let own = fitting.map(|parameters| self.reading.scopes.field(&constructor_key(class, parameters)));
        let own: Vec<_> = own.into_iter().flatten().collect();
        (!own.is_empty()).then(|| self.called(&Value::either(own), given, span, 1))
    }

    /// A call of one of the code's own methods, lambdas or constructors: what it gives goes to the parameters.
    pub(super) fn call_own(&mut self, own: usize, given: &Given) -> Value {
        for (position, value) in given.positional.iter().enumerate() {
            self.reading.scopes.give(own, position, value.clone());
        }
        match self.made_of.get(&own) {
            Some(fields) => {
                let fields = fields.iter();
                Value::mapping(fields.map(|(name, at)| (Value::text(name.clone()), given.get(*at))).collect())
            }
            None => self.reading.scopes.returned_by(own),
        }
    }

    /// `this(…)` and `super(…)`: what the object is, is what that makes.
    pub(super) fn constructor_invocation(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let (span, given) = (node.node.byte_range(), given_to(node));
        let Some(class) = ancestors
            .iter()
            .rev()
            .find(|ancestor| ancestor.kind.ends_with("_declaration") && ancestor.kind != "constructor_declaration")
        else {
            return;
        };
        let is_super = node.part("constructor").is_some_and(|part| part.kind == "super");
        let made = if is_super {
            let Some(extended) = class.part("superclass") else { return };
            let name = extended.node.named_child(0).map(|name| self.reading.text(name)).unwrap_or_default();
            let own = self.construct(&name, &given, &span).filter(|own| !own.is_unknown());
            own.unwrap_or_else(|| self.construct_platform(&extended.value, &given, &span))
        } else {
            let name = class.part("name").map(|name| self.reading.text(name.node)).unwrap_or_default();
            self.construct(&name, &given, &span).unwrap_or_default()
        };
        if let Some(constructor) = self.reading.scopes.function().filter(|_| made.may_be_named()) {
            self.reading.scopes.returns(constructor, made);
        }
    }

    pub(super) fn constructor_declaration(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.leave();
        let Some(name) = node.part("name").map(|name| self.reading.text(name.node)) else { return };
        let parameters = node.node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let is_open = parameters.iter().any(|parameter| parameter.kind() == "spread_parameter");
        let key = constructor_key(&name, (!is_open).then_some(parameters.len()));
        self.reading.scopes.keep_field(&key, Value::Local(id));
        if ancestors.iter().rev().take(3).any(|ancestor| ancestor.kind == "enum_declaration") {
            let fields = self.fields_set_by(*node.node, &parameters);
            self.made_of.insert(id, fields);
        }
    }

    /// The fields that a constructor sets to what it is given, each with the place of the parameter.
    fn fields_set_by(&self, constructor: Node<'_>, parameters: &[Node<'_>]) -> Vec<(Rc<str>, usize)> {
        let named = |node: Node<'_>, field| node.child_by_field_name(field).map(|name| self.reading.text(name));
        let names: Vec<_> = parameters.iter().map(|parameter| named(*parameter, "name")).collect();
        let statements = constructor.child_by_field_name("body").map(children).unwrap_or_default();
        let set = statements.into_iter().take(MOST_STATEMENTS).filter_map(|statement| {
            let assignment = statement.named_child(0).filter(|node| node.kind() == "assignment_expression")?;
            let (left, right) = (assignment.child_by_field_name("left")?, named(assignment, "right"));
            let field = if left.kind() == "field_access" { named(left, "field")? } else { self.reading.text(left) };
            let at = names.iter().position(|name| name.is_some() && *name == right)?;
            Some((field, at))
        });
        set.collect()
    }

    /// `NAME(…)` in an enumeration.
    pub(super) fn enum_constant(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let class = ancestors.iter().rev().find(|ancestor| ancestor.kind == "enum_declaration");
        let class = class.and_then(|class| class.part("name")).map(|name| self.reading.text(name.node));
        let (Some(class), Some(name)) = (class, node.part("name")) else { return };
        let name = self.reading.text(name.node);
        let made = self.construct(&class, &given_to(node), &node.node.byte_range()).unwrap_or_default();
        self.reading.scopes.keep_field(&name, made.clone());
        self.reading.scopes.bind(&name, made);
    }

    /// The types of a record's components.
    pub(super) fn component_types(&self, node: &Seen<'_>) -> Value {
        let parts = node.parts.iter().filter(|part| !part.kind.contains("comment"));
        let positional = parts.map(|part| part.value.clone()).collect();
        Value::Given(Rc::new(Given { positional, ..Given::default() }))
    }

    /// Makes known in the body of a record what its components are.
    pub(super) fn enter_record(&mut self, record: &Seen<'_>, body: usize) {
        let (Some(name), Some(components)) = (record.part("name"), record.part("parameters")) else { return };
        let name = self.reading.text(name.node);
        let types = match &components.value {
            Value::Given(types) => types.clone(),
            _ => Rc::default(),
        };
        let mut fields = Vec::new();
        for (at, component) in children(*components.node).into_iter().enumerate() {
            let Some(component) = component.child_by_field_name("name") else { continue };
            let component = self.reading.text(component);
            let value = typed(&self.reading.scopes.given(body, at), &types.get(at));
            self.reading.scopes.keep_field(&accessor_key(&component), value.clone());
            self.reading.scopes.bind(&component, value);
            fields.push((component, at));
        }
        self.reading.scopes.keep_field(&constructor_key(&name, Some(fields.len())), Value::Local(body));
        self.made_of.insert(body, fields);
    }
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.kind().contains("comment")).collect()
}

/// Under which name the constructors of a class are kept that take so many arguments, or any number.
fn constructor_key(class: &str, parameters: Option<usize>) -> String {
    match parameters {
        Some(parameters) => format!("{class}.new({parameters})"),
        None => format!("{class}.new"),
    }
}

/// Under which name it is kept what the component of a record is.
pub(super) fn accessor_key(component: &str) -> String {
    format!("{component}()=")
}
