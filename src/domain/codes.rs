//! Closed lists of words that cross a boundary: the database, an address, the command line, the log.

/// What has one fixed code, as stored and as it stands in addresses.
pub trait Code: Copy + Send + 'static {
    /// The code.
    fn code(self) -> &'static str;

    /// What has exactly this code.
    fn from_code(code: &str) -> Option<Self>;
}

/// Declares an enum whose variants each have one fixed code, and the ways there and back.
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The codes of all of them.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The fixed code, as stored and as it stands in addresses.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The variant with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::domain::codes::Code for $name {
            fn code(self) -> &'static str {
                self.code()
            }

            fn from_code(code: &str) -> Option<Self> {
                Self::from_code(code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::codes::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::from_code(code).ok_or_else(|| $crate::domain::codes::UnknownCode {
                    code: code.to_owned(),
                    known: Self::ALL.iter().map(|known| known.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::codes::UnknownCode;

            fn try_from(code: String) -> Result<Self, Self::Error> {
                code.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use codes;

/// A code that no variant has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown code {code:?}; known are {known}")]
pub struct UnknownCode {
    /// What was given.
    pub code: String,
    /// What would have been understood.
    pub known: String,
}
