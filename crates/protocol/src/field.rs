use crate::ProtocolError;

/// A value that can stand in a tagged field.
pub trait Value: Sized {
    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads a value from exactly these bytes; `None` where they are not one.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// A sequence of tagged fields: `tag: u16, length: u32, value`, little endian. Unknown tags are skipped.
pub trait Message: Sized {
    /// The name used in errors.
    const NAME: &'static str;
    /// Appends every field.
    fn encode(&self, out: &mut Vec<u8>);
    /// Reads the fields; later ones win over earlier ones of the same tag, lists gather them.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::Malformed`] or [`ProtocolError::MissingField`], naming message and field.
    fn decode(bytes: &[u8]) -> Result<Self, ProtocolError>;
}

macro_rules! integers {
    ($($kind:ty),*) => {$(
        impl Value for $kind {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn read(bytes: &[u8]) -> Option<Self> {
                Some(Self::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    )*};
}
integers!(u8, u16, u32, i32, u64);

impl Value for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn read(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

impl Value for Vec<u8> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(bytes: &[u8]) -> Option<Self> {
        Some(bytes.to_vec())
    }
}

impl Value for String {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }
    fn read(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

/// A key and a value, both bytes: `key length: u32, key, value`.
impl Value for (Vec<u8>, Vec<u8>) {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&length(self.0.len()).to_le_bytes());
        out.extend_from_slice(&self.0);
        out.extend_from_slice(&self.1);
    }
    fn read(bytes: &[u8]) -> Option<Self> {
        let (prefix, rest) = bytes.split_at_checked(4)?;
        let (key, value) = rest.split_at_checked(u32::read(prefix)? as usize)?;
        Some((key.to_vec(), value.to_vec()))
    }
}

/// Lengths inside a message fit: whoever builds one checks it against the frame's bound before sending.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

pub(crate) fn put<T: Value>(tag: u16, value: &T, out: &mut Vec<u8>) {
    out.extend_from_slice(&tag.to_le_bytes());
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    value.write(out);
    let written = length(out.len() - at - 4);
    out[at..at + 4].copy_from_slice(&written.to_le_bytes());
}

/// Walks over `tag, value` pairs.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
    message: &'static str,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8], message: &'static str) -> Self {
        Self { rest: bytes, message }
    }

    pub(crate) fn next_field(&mut self) -> Result<Option<(u16, &'a [u8])>, ProtocolError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let cut = || ProtocolError::Malformed { message: self.message, field: 0 };
        let (tag, rest) = self.rest.split_at_checked(2).ok_or_else(cut)?;
        let (size, rest) = rest.split_at_checked(4).ok_or_else(cut)?;
        let tag = u16::read(tag).ok_or_else(cut)?;
        let size = u32::read(size).ok_or_else(cut)? as usize;
        let cut = || ProtocolError::Malformed { message: self.message, field: tag };
        let (value, rest) = rest.split_at_checked(size).ok_or_else(cut)?;
        self.rest = rest;
        Ok(Some((tag, value)))
    }
}

/// How a struct's field is stored: once, at most once, or any number of times.
pub(crate) trait Slot: Sized {
    fn put_field(&self, tag: u16, out: &mut Vec<u8>);
    fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()>;
    fn absent() -> Option<Self>;
}

/// A field that must be there.
macro_rules! required {
    ($($kind:ty),* $(,)?) => {$(
        impl $crate::field::Slot for $kind {
            fn put_field(&self, tag: u16, out: &mut Vec<u8>) {
                $crate::field::put(tag, self, out);
            }
            fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()> {
                *slot = Some(<$kind as $crate::field::Value>::read(bytes)?);
                Some(())
            }
            fn absent() -> Option<Self> {
                None
            }
        }
    )*};
}
pub(crate) use required;
required!(u8, u16, u32, i32, u64, bool, Vec<u8>, String);

impl<T: Value> Slot for Option<T> {
    fn put_field(&self, tag: u16, out: &mut Vec<u8>) {
        if let Some(value) = self {
            put(tag, value, out);
        }
    }
    fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()> {
        *slot = Some(Some(T::read(bytes)?));
        Some(())
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Slot for Vec<Vec<u8>> {
    fn put_field(&self, tag: u16, out: &mut Vec<u8>) {
        self.iter().for_each(|value| put(tag, value, out));
    }
    fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()> {
        slot.get_or_insert_default().push(bytes.to_vec());
        Some(())
    }
    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Slot for Vec<(Vec<u8>, Vec<u8>)> {
    fn put_field(&self, tag: u16, out: &mut Vec<u8>) {
        self.iter().for_each(|value| put(tag, value, out));
    }
    fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()> {
        slot.get_or_insert_default().push(Value::read(bytes)?);
        Some(())
    }
    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// A struct of tagged fields, with its codec.
macro_rules! message {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* $tag:literal $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl $crate::Message for $name {
            const NAME: &'static str = stringify!($name);
            #[allow(unused_variables, reason = "a message may have no fields yet")]
            fn encode(&self, out: &mut Vec<u8>) {
                $($crate::field::Slot::put_field(&self.$field, $tag, out);)*
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::ProtocolError> {
                let mut fields = $crate::field::Fields::new(bytes, Self::NAME);
                $(let mut $field: Option<$kind> = None;)*
                while let Some((tag, _value)) = fields.next_field()? {
                    match tag {
                        $($tag => <$kind as $crate::field::Slot>::take(&mut $field, _value)
                            .ok_or($crate::ProtocolError::Malformed { message: Self::NAME, field: tag })?,)*
                        _ => {}
                    }
                }
                Ok(Self { $($field: $field.or_else(<$kind as $crate::field::Slot>::absent)
                    .ok_or($crate::ProtocolError::MissingField { message: Self::NAME, field: $tag })?,)* })
            }
        }
        $crate::field::nested!($name);
    };
}
pub(crate) use message;

/// One of several: a single field whose tag names the variant. Those that carry nothing stand behind `|`.
macro_rules! choice {
    ($(#[$doc:meta])* pub enum $name:ident {
        $($(#[$variant_doc:meta])* $tag:literal $variant:ident($kind:ty),)*
        $(| $($(#[$bare_doc:meta])* $bare_tag:literal $bare:ident,)*)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant($kind),)*
            $($($(#[$bare_doc])* $bare,)*)?
        }

        impl $crate::Message for $name {
            const NAME: &'static str = stringify!($name);
            fn encode(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant(value) => $crate::field::put($tag, value, out),)*
                    $($(Self::$bare => $crate::field::put($bare_tag, &Vec::<u8>::new(), out),)*)?
                }
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::ProtocolError> {
                let mut fields = $crate::field::Fields::new(bytes, Self::NAME);
                while let Some((tag, _value)) = fields.next_field()? {
                    match tag {
                        $($tag => return <$kind as $crate::Value>::read(_value).map(Self::$variant)
                            .ok_or($crate::ProtocolError::Malformed { message: Self::NAME, field: tag }),)*
                        $($($bare_tag => return Ok(Self::$bare),)*)?
                        _ => {}
                    }
                }
                Err($crate::ProtocolError::MissingField { message: Self::NAME, field: 0 })
            }
        }
        $crate::field::nested!($name);
    };
}
pub(crate) use choice;

/// Lets a message stand as a field of another.
macro_rules! nested {
    ($name:ident) => {
        impl $crate::Value for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $crate::Message::encode(self, out);
            }
            fn read(bytes: &[u8]) -> Option<Self> {
                $crate::Message::decode(bytes).ok()
            }
        }
        $crate::field::required!($name);

        impl $crate::field::Slot for Vec<$name> {
            fn put_field(&self, tag: u16, out: &mut Vec<u8>) {
                self.iter().for_each(|value| $crate::field::put(tag, value, out));
            }
            fn take(slot: &mut Option<Self>, bytes: &[u8]) -> Option<()> {
                slot.get_or_insert_default().push(<$name as $crate::Value>::read(bytes)?);
                Some(())
            }
            fn absent() -> Option<Self> {
                Some(Self::new())
            }
        }
    };
}
pub(crate) use nested;
