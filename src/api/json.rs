//! Bodies of requests. Names fold case, as clients write them in three ways; a name that comes twice is refused, because
//! nobody could say which of the two was meant. What no operation knows is ignored.

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

    /// A member of an object, whatever the case of its name; `None` also where it is `null`.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.member(name).filter(|value| **value != Self::Null)
    }

    /// A member of an object, `null` too.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Refuses everything but an object.
    pub fn must_be_object(&self, path: &str) -> Result<(), ApiError> {
        match self {
            Self::Object(_) => Ok(()),
            _ => Err(ApiError::property(format!("{path} must be an object."))),
        }
    }

    /// A text member; `None` where there is none. `path` names it for whoever has to mend it.
    pub fn text(&self, name: &str, path: &str) -> Result<Option<&str>, ApiError> {
        self.get(name).map(|value| value.as_text(path)).transpose()
    }

    /// A text. U+0000 is none of its characters: not every database takes it, and nobody means it.
    pub fn as_text(&self, path: &str) -> Result<&str, ApiError> {
        match self {
            Self::Text(text) if text.contains('\0') => {
                Err(ApiError::property(format!("{path} has characters that cannot be shown.")))
            }
            Self::Text(text) => Ok(text),
            _ => Err(ApiError::property(format!("{path} must be a string."))),
        }
    }

    /// A whole number; `None` where there is none.
    pub fn integer(&self, name: &str, path: &str) -> Result<Option<i64>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            Some(Self::Number(number)) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
                Ok(Some(*number as i64))
            }
            Some(_) => Err(ApiError::property(format!("{path} must be a whole number."))),
        }
    }

    /// `true` or `false`; `None` where there is none.
    pub fn flag(&self, name: &str, path: &str) -> Result<Option<bool>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Self::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(ApiError::property(format!("{path} must be true or false."))),
        }
    }

    /// A list; empty where there is none.
    pub fn array(&self, name: &str, path: &str) -> Result<&[Self], ApiError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Self::Array(items)) => Ok(items),
            Some(_) => Err(ApiError::property(format!("{path} must be an array."))),
        }
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
    fn names_fold_case_and_null_is_absent() {
        let json = Json::read(br#"{"PrimaryContact":{"firstName":"Anna"},"Type":null}"#).unwrap();
        let contact = json.get("primaryContact").unwrap();
        assert_eq!(contact.text("FirstName", "firstName").unwrap(), Some("Anna"));
        assert_eq!(json.get("type"), None);
    }

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

    #[test]
    fn a_member_of_another_kind_is_named() {
        let fault = Json::read(br#"{"templateId":7}"#).unwrap().text("templateId", "templateId").unwrap_err();
        assert_eq!(fault.description, "templateId must be a string.");
        let fault = Json::read(br#"{"templateId":"\u0000"}"#).unwrap().text("templateId", "templateId").unwrap_err();
        assert_eq!(fault.description, "templateId has characters that cannot be shown.");
    }
}
