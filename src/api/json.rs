//! JSON as clients send it. Names of members fold case, because clients write them in three ways; a name that comes twice
//! is refused, because it would not be clear which one is meant.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::fault::ApiError;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    Array(Vec<Json>),
    /// An object, with its names in lower case.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Self, ApiError> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body)
            .map_err(|error| ApiError::property(format!("The body is not usable JSON: {error}.")))
    }
}

impl Json {
    /// A member of an object, by its name in lower case.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers of requests are small")]
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers of requests are small")]
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some((name, value)) = map.next_entry::<String, Json>()? {
            let name = name.to_ascii_lowercase();
            if !names.insert(name.clone()) {
                return Err(de::Error::custom(format_args!("{name:?} comes twice")));
            }
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_byte_order_is_skipped() {
        assert_eq!(Json::read(b"\xef\xbb\xbf\"success\"").unwrap(), Json::Text("success".into()));
    }

    #[test]
    fn a_name_that_comes_twice_is_refused_in_any_case() {
        for body in [r#"{"a":1,"a":2}"#, r#"{"type":null,"Type":"x"}"#, r#"[{"x":{"b":1,"B":1}}]"#] {
            assert!(Json::read(body.as_bytes()).unwrap_err().description.contains("twice"), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_however_deep() {
        let deep = "[".repeat(200_000);
        for body in ["", "{", "nul", "{\"a\":}", "\u{0}", deep.as_str()] {
            assert!(Json::read(body.as_bytes()).is_err());
        }
        assert!(Json::read(b"\"\xff\"").is_err());
    }
}
