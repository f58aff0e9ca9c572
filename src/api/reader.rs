//! Reads JSON into the structs of bodies. Unknown members are ignored. What is wrong is reported with the path of the
//! member, the first one in the order of the struct.

use std::{borrow::Cow, fmt, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{fault::ApiError, json::Json};

/// Reads a body.
pub fn read<T: DeserializeOwned>(json: &Json) -> Result<T, ApiError> {
    T::deserialize(Place { json: Some(json), path: Path::Body }).map_err(|Mismatch(what)| ApiError::property(what))
}

/// A text that a body may leave out, or empty with `null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// The body leaves it out.
    Absent,
    /// `null`
    Null,
    /// A text.
    Text(String),
}

impl Property {
    /// The text; none where the body leaves it out, an empty one where it is `null`.
    pub fn given(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Null => Some(""),
            Self::Text(text) => Some(text),
        }
    }

    /// The text; none also where it is `null`.
    pub fn text(&self) -> Option<&str> {
        self.given().filter(|_| *self != Self::Null)
    }
}

impl<'de> Deserialize<'de> for Property {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Property;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("must be a string.")
            }

            fn visit_none<E>(self) -> Result<Property, E> {
                Ok(Property::Absent)
            }

            fn visit_unit<E>(self) -> Result<Property, E> {
                Ok(Property::Null)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Property, D::Error> {
                String::deserialize(deserializer).map(Property::Text)
            }
        }

        deserializer.deserialize_option(Text)
    }
}

/// A struct that is ignored where the body has something else than an object: some languages write an empty object as an
/// empty list.
#[derive(Debug)]
pub struct IfObject<T>(pub Option<T>);

/// The name by which [`Place`] knows it.
const IF_OBJECT: &str = "IfObject";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for IfObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<fn() -> T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = IfObject<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("may be an object.")
            }

            fn visit_none<E>(self) -> Result<IfObject<T>, E> {
                Ok(IfObject(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<IfObject<T>, D::Error> {
                T::deserialize(deserializer).map(|object| IfObject(Some(object)))
            }
        }

        deserializer.deserialize_newtype_struct(IF_OBJECT, Object(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for IfObject<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("IfObject_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// Where a value stands in a body.
enum Path<'p> {
    Body,
    Member(&'p Path<'p>, &'static str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("The body"),
            Self::Member(Path::Body, name) => f.write_str(name),
            Self::Member(object, name) => write!(f, "{object}.{name}"),
            Self::Item(array, number) => write!(f, "{array}[{number}]"),
        }
    }
}

/// What is wrong with a value, in a sentence that names it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Mismatch(String);

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }
}

/// A value, or the lack of one, that is read into a part of a struct.
struct Place<'j, 'p> {
    json: Option<&'j Json>,
    path: Path<'p>,
}

impl<'j> Place<'j, '_> {
    fn wrong(&self, what: impl fmt::Display) -> Mismatch {
        Mismatch(format!("{} {what}", self.path))
    }

    /// The value; none where a member is left out or `null`, which means the same.
    fn given(&self) -> Option<&'j Json> {
        self.json.filter(|json| **json != Json::Null || !matches!(self.path, Path::Member(..)))
    }

    fn required(&self) -> Result<&'j Json, Mismatch> {
        self.given().ok_or_else(|| self.wrong("is missing."))
    }
}

impl<'de> Deserializer<'de> for Place<'_, '_> {
    type Error = Mismatch;

    /// For a text or a number; the visitor says what it expects.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.required()? {
            Json::Number(number) => visitor.visit_f64(*number),
            Json::Text(text) => visitor.visit_str(text),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
                let expected: &dyn de::Expected = &visitor;
                Err(self.wrong(expected))
            }
        }
    }

    /// U+0000 is no character of a text: not every database takes it, and nobody means it.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.required()? {
            Json::Text(text) if text.contains('\0') => Err(self.wrong("has characters that cannot be shown.")),
            Json::Text(text) => visitor.visit_str(text),
            _ => Err(self.wrong("must be a string.")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.required()? {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            Json::Number(number) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
                visitor.visit_i64(*number as i64)
            }
            _ => Err(self.wrong("must be a whole number.")),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.required()? {
            Json::Bool(flag) => visitor.visit_bool(*flag),
            _ => Err(self.wrong("must be true or false.")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match (self.json, self.given()) {
            (None, _) => visitor.visit_none(),
            (Some(_), None) => visitor.visit_unit(),
            (Some(_), Some(_)) => visitor.visit_some(self),
        }
    }

    /// A list that is left out is empty.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let items: &[Json] = match self.given() {
            None => &[],
            Some(Json::Array(items)) => items,
            Some(_) => return Err(self.wrong("must be an array.")),
        };
        visitor.visit_seq(Items { items: items.iter().enumerate(), path: &self.path })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.required()? {
            Json::Object(members) => {
                visitor.visit_map(Members { of: members, fields: fields.iter(), field: None, path: &self.path })
            }
            _ => Err(self.wrong("must be an object.")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            _ if name != IF_OBJECT => visitor.visit_newtype_struct(self),
            Some(Json::Object(_)) => visitor.visit_some(self),
            _ => visitor.visit_none(),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        map enum identifier
    }
}

struct Items<'j, 'p> {
    items: std::iter::Enumerate<std::slice::Iter<'j, Json>>,
    path: &'p Path<'p>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some((number, json)) = self.items.next() else { return Ok(None) };
        seed.deserialize(Place { json: Some(json), path: Path::Item(self.path, number) }).map(Some)
    }
}

/// The members of an object that a struct has fields for, also those that are left out, in the order of the struct.
struct Members<'j, 'p> {
    of: &'j [(String, Json)],
    fields: std::slice::Iter<'static, &'static str>,
    field: Option<&'static str>,
    path: &'p Path<'p>,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.field = self.fields.next().copied();
        let Some(field) = self.field else { return Ok(None) };
        seed.deserialize(de::value::StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let field = self.field.expect("serde asks for the key first");
        let member = self.of.iter().find(|(name, _)| name.eq_ignore_ascii_case(field));
        seed.deserialize(Place { json: member.map(|(_, json)| json), path: Path::Member(self.path, field) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        template_id: String,
        note: Option<String>,
        city: Property,
        is_final: Option<bool>,
        line_items: Vec<Line>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Tagged {
        line: IfObject<Line>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Line {
        quantity: i64,
    }

    fn order(body: &str) -> Result<Order, String> {
        read(&Json::read(body.as_bytes()).unwrap()).map_err(|error| error.description)
    }

    #[test]
    fn names_fold_case_and_null_is_absent() {
        let order = order(r#"{"TemplateId":"x","Note":null,"LINEITEMS":[{"Quantity":3.0}],"unknown":{}}"#).unwrap();
        let city = Property::Absent;
        let line_items = vec![Line { quantity: 3 }];
        assert_eq!(order, Order { template_id: "x".into(), note: None, city, is_final: None, line_items });
    }

    #[test]
    fn a_property_that_is_left_out_is_told_from_one_that_is_null() {
        let city = |body| order(body).unwrap().city;
        assert_eq!(city(r#"{"templateId":"x"}"#).given(), None);
        assert_eq!(city(r#"{"templateId":"x","city":null}"#).given(), Some(""));
        assert_eq!(city(r#"{"templateId":"x","city":"Delft"}"#).given(), Some("Delft"));
    }

    #[test]
    fn what_may_be_an_object_is_ignored_where_it_is_none() {
        let line = |body: &str| read::<Tagged>(&Json::read(body.as_bytes()).unwrap()).map(|tagged| tagged.line.0);
        for body in ["{}", r#"{"line":null}"#, r#"{"line":[]}"#, r#"{"line":7}"#] {
            assert_eq!(line(body).unwrap(), None, "{body}");
        }
        assert_eq!(line(r#"{"line":{"quantity":7}}"#).unwrap(), Some(Line { quantity: 7 }));
        assert_eq!(line(r#"{"line":{}}"#).unwrap_err().description, "line.quantity is missing.");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path_the_first_of_the_struct_first() {
        for (body, what) in [
            ("null", "The body must be an object."),
            ("[]", "The body must be an object."),
            ("{}", "templateId is missing."),
            (r#"{"note":7,"templateId":null}"#, "templateId is missing."),
            (r#"{"templateId":7}"#, "templateId must be a string."),
            (r#"{"templateId":"\u0000"}"#, "templateId has characters that cannot be shown."),
            (r#"{"templateId":"x","city":[]}"#, "city must be a string."),
            (r#"{"templateId":"x","isFinal":"yes"}"#, "isFinal must be true or false."),
            (r#"{"templateId":"x","lineItems":{}}"#, "lineItems must be an array."),
            (r#"{"templateId":"x","lineItems":[null]}"#, "lineItems[0] must be an object."),
            (r#"{"templateId":"x","lineItems":[{"quantity":1},{}]}"#, "lineItems[1].quantity is missing."),
            (r#"{"templateId":"x","lineItems":[{"quantity":0.5}]}"#, "lineItems[0].quantity must be a whole number."),
            (r#"{"templateId":"x","lineItems":[{"quantity":1e18}]}"#, "lineItems[0].quantity must be a whole number."),
        ] {
            assert_eq!(order(body).unwrap_err(), what, "{body}");
        }
    }
}
