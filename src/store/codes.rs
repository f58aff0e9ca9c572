//! Codes as columns: a row holds the enum, the database its code.

use rusqlite::types::{Value, ValueRef};
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

use super::row::{Cell, Column};
use crate::domain::{
    actor::ActorKind,
    agreement::Channel,
    audit::Action,
    codes::Code,
    country::Country,
    customer::Qualification,
    order::{Billing, BillingCycle, Category, Segment, SubscriptionStatus, TermDuration},
    partner_account::{Cloud, Environment, PartnerType},
    role::Role,
};

/// Several of them in one column, in order, with spaces between; `*` where there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeList<T>(pub(super) Vec<T>);

/// What a column holds as text.
trait Text: Sized {
    fn to_text(&self) -> String;
    fn from_text(text: &str) -> Option<Self>;
}

impl<T: Code> Text for T {
    fn to_text(&self) -> String {
        self.code().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::from_code(text)
    }
}

impl<T: Code> Text for CodeList<T> {
    fn to_text(&self) -> String {
        match self.0.as_slice() {
            [] => "*".to_owned(),
            some => some.iter().map(|one| one.code()).collect::<Vec<_>>().join(" "),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self(Vec::new()));
        }
        text.split(' ').map(T::from_code).collect::<Option<Vec<_>>>().map(Self)
    }
}

macro_rules! text_columns {
    ($([$($generics:tt)*] $kind:ty),+ $(,)?) => {$(
        impl<$($generics)* DB: Database> Type<DB> for $kind where String: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }

            fn compatible(other: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(other)
            }
        }

        impl<'q, $($generics)* DB: Database> Encode<'q, DB> for $kind where String: Encode<'q, DB> {
            fn encode_by_ref(&self, buffer: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.to_text().encode(buffer)
            }
        }

        impl<'r, $($generics)* DB: Database> Decode<'r, DB> for $kind where &'r str: Decode<'r, DB> {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let text = <&'r str as Decode<'r, DB>>::decode(value)?;
                Self::from_text(text).ok_or_else(|| format!("unknown code {text:?}").into())
            }
        }

        impl<$($generics)*> Column for $kind {
            fn into_value(self) -> Value {
                Value::Text(self.to_text())
            }
        }

        impl<$($generics)*> Cell for $kind {
            fn from_value(value: ValueRef<'_>) -> Option<Self> {
                Self::from_text(value.as_str().ok()?)
            }
        }
    )+};
}
text_columns! {
    [] Action, [] ActorKind, [] Billing, [] BillingCycle, [] Category, [] Channel, [] Cloud, [] Country, [] Environment,
    [] PartnerType, [] Qualification, [] Role, [] Segment, [] SubscriptionStatus, [] TermDuration,
    [T: Code,] CodeList<T>,
}
