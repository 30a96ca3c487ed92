//! Plain values, between Python's objects and JSON.

use std::ffi::OsString;

use llm_sandbox::Error;
use pyo3::{
    prelude::*,
    types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};
use serde_json::{Map, Number, Value};

use crate::error::raised;

/// How deep values may lie in each other.
const DEPTH: usize = 32;

/// An object as a value, named `what` in an error.
pub(crate) fn from_python(what: &str, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    read(what, object, DEPTH)
}

fn read(what: &str, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    let refused = |problem: &str| unusable(object.py(), what, problem);
    let deeper = depth.checked_sub(1).ok_or_else(|| refused("it is nested too deeply"))?;
    if object.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(value) = object.cast::<PyBool>() {
        return Ok(Value::Bool(value.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        let number = object.extract::<i64>().map(Number::from).or_else(|_| object.extract::<u64>().map(Number::from));
        return number.map(Value::Number).map_err(|_| refused("the number is too large"));
    }
    if object.is_instance_of::<PyFloat>() {
        let number = Number::from_f64(object.extract()?);
        return number.map(Value::Number).ok_or_else(|| refused("the number is none that is finite"));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::String(whole(what, text)?));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let mut map = Map::new();
        for (name, value) in dict {
            let name = match name.cast::<PyString>() {
                Ok(name) => whole(what, name)?,
                // Ports and the like are numbers in some tables.
                Err(_) => whole(what, &name.str()?)?,
            };
            map.insert(name, read(what, &value, deeper)?);
        }
        return Ok(Value::Object(map));
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.map(|item| read(what, &item?, deeper));
        return items.collect::<PyResult<_>>().map(Value::Array);
    }
    if let Ok(path) = object.call_method0("__fspath__") {
        return read(what, &path, deeper);
    }
    Err(refused(&format!("{} is no plain value", object.get_type().name()?)))
}

fn unusable(py: Python<'_>, what: &str, problem: &str) -> PyErr {
    raised(py, &Error::invalid(what, problem).with_remedy("give what the Docker SDK for Python takes there"))
}

/// A text, which has halves of characters in Python, but has them nowhere else.
fn whole(what: &str, text: &Bound<'_, PyString>) -> PyResult<String> {
    match text.to_cow() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(unusable(text.py(), what, "a character in it is half of one (a lone surrogate)")),
    }
}

/// A value as an object.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any(),
            (_, Some(number)) => number.into_pyobject(py)?.into_any(),
            _ => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            items.iter().try_for_each(|item| list.append(to_python(py, item)?))?;
            list.into_any()
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            map.iter().try_for_each(|(name, item)| dict.set_item(name, to_python(py, item)?))?;
            dict.into_any()
        }
    })
}

/// A text or bytes, as bytes. What a text has of undecodable names becomes the bytes that it stood for.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl<'py> FromPyObject<'_, 'py> for Bytes {
    type Error = PyErr;

    fn extract(object: pyo3::Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self(bytes.as_bytes().to_vec()));
        }
        if object.is_instance_of::<PyString>() {
            let bytes = object.call_method1("encode", ("utf-8", "surrogateescape"))?;
            return Ok(Self(bytes.extract()?));
        }
        object.extract::<Vec<u8>>().map(Self)
    }
}

impl From<Bytes> for OsString {
    fn from(bytes: Bytes) -> Self {
        use std::os::unix::ffi::OsStringExt;
        Self::from_vec(bytes.0)
    }
}
