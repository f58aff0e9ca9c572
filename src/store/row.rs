//! Rows and values that both drivers understand: `sqlx` for `PostgreSQL`, `rusqlite` for `SQLite`.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{Value, ValueRef};
use sqlx::{Column as _, Decode, Encode, Postgres, Row as _, Type, postgres::PgRow};
use uuid::Uuid;

use super::Error;

/// A value to bind.
pub trait Column: for<'q> Encode<'q, Postgres> + Type<Postgres> + Send + 'static {
    /// The value as `SQLite` keeps it.
    fn into_value(self) -> Value;
}

/// A value that can be read.
pub trait Cell: for<'r> Decode<'r, Postgres> + Type<Postgres> {
    /// The value of what `SQLite` stores; `None` if it is invalid.
    fn from_value(value: ValueRef<'_>) -> Option<Self>;
}

macro_rules! columns {
    ($($kind:ty: $value:ident => $into:expr, $stored:ident => $from:expr;)+) => {$(
        impl Column for $kind {
            fn into_value(self) -> Value {
                let $value = self;
                $into
            }
        }

        impl Cell for $kind {
            fn from_value($stored: ValueRef<'_>) -> Option<Self> {
                $from
            }
        }
    )+};
}
columns! {
    i64: int => Value::Integer(int), stored => stored.as_i64().ok();
    bool: flag => Value::Integer(i64::from(flag)), stored => Some(stored.as_i64().ok()? != 0);
    String: text => Value::Text(text), stored => stored.as_str().ok().map(str::to_owned);
    Vec<u8>: bytes => Value::Blob(bytes), stored => stored.as_blob().ok().map(<[u8]>::to_vec);
    Uuid: id => Value::Blob(id.as_bytes().to_vec()), stored => Uuid::from_slice(stored.as_blob().ok()?).ok();
    NaiveDate: day => Value::Text(day.to_string()), stored => stored.as_str().ok()?.parse().ok();
    DateTime<Utc>: time => Value::Text(time.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
        stored => Some(DateTime::parse_from_rfc3339(stored.as_str().ok()?).ok()?.to_utc());
}

impl Column for &'static str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

/// What only `PostgreSQL` counts by.
impl Cell for i32 {
    fn from_value(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()?.try_into().ok()
    }
}

impl<T: Column> Column for Option<T>
where
    Self: for<'q> Encode<'q, Postgres>,
{
    fn into_value(self) -> Value {
        self.map_or(Value::Null, Column::into_value)
    }
}

impl<T: Cell> Cell for Option<T>
where
    Self: for<'r> Decode<'r, Postgres> + Type<Postgres>,
{
    fn from_value(value: ValueRef<'_>) -> Option<Self> {
        if value == ValueRef::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// A row while it is read, cell by cell from the left.
pub trait Cells {
    /// The next cell. Where checks of a debug build are on, its column must have this name, if one is given.
    fn next<T: Cell>(&mut self, name: &'static str) -> Result<T, Error>;
}

/// What a row becomes: declared with [`record!`], or a tuple.
pub trait Record: Sized + Send + 'static {
    /// Reads it from a row whose columns stand in its own order.
    fn read(cells: &mut impl Cells) -> Result<Self, Error>;

    /// Refuses a result whose columns do not stand in its own order: called once before the first row is read.
    fn check<'n>(names: &mut impl Iterator<Item = &'n str>) -> Result<(), Error>;
}

/// Takes the next name of a result's columns, which must be this one.
pub(super) fn expect_name<'n>(names: &mut impl Iterator<Item = &'n str>, expected: &str) -> Result<(), Error> {
    match names.next() {
        Some(name) if name == expected => Ok(()),
        other => Err(Error::Broken(format!("a statement gives {other:?} where {expected} is read").into())),
    }
}

/// Declares a struct that a row becomes. The statement names the columns in the order of the fields; a field that is a
/// `= record` takes as many as that has.
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty $(= $record:ident)?),+ $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $kind),+ }

        impl $crate::store::row::Record for $name {
            fn read(cells: &mut impl $crate::store::row::Cells) -> Result<Self, $crate::store::Error> {
                Ok(Self { $($field: $crate::store::row::read_field!(cells, $field: $kind $(= $record)?)),+ })
            }

            fn check<'n>(names: &mut impl Iterator<Item = &'n str>) -> Result<(), $crate::store::Error> {
                $($crate::store::row::check_field!(names, $field: $kind $(= $record)?);)+
                Ok(())
            }
        }
    };
}

macro_rules! read_field {
    ($cells:ident, $field:ident: $kind:ty = record) => {
        <$kind as $crate::store::row::Record>::read($cells)?
    };
    ($cells:ident, $field:ident: $kind:ty) => {
        $cells.next(stringify!($field))?
    };
}

macro_rules! check_field {
    ($names:ident, $field:ident: $kind:ty = record) => {
        <$kind as $crate::store::row::Record>::check($names)?
    };
    ($names:ident, $field:ident: $kind:ty) => {
        $crate::store::row::expect_name($names, stringify!($field))?
    };
}

pub(super) use {check_field, read_field, record};

macro_rules! tuples {
    ($($($part:ident)+),+) => {$(
        impl<$($part: Cell + Send + 'static),+> Record for ($($part,)+) {
            fn read(cells: &mut impl Cells) -> Result<Self, Error> {
                Ok(($(cells.next::<$part>("")?,)+))
            }

            fn check<'n>(names: &mut impl Iterator<Item = &'n str>) -> Result<(), Error> {
                let parts: &[&str] = &[$(stringify!($part)),+];
                if names.take(parts.len()).count() == parts.len() {
                    return Ok(());
                }
                Err(Error::Broken("a statement gives too few columns".into()))
            }
        }
    )+};
}
tuples!(A, A B, A B C, A B C D, A B C D E, A B C D E F, A B C D E F G);

/// A row of one of the drivers, and the place of its next cell.
pub(super) struct Reading<'r, R> {
    row: &'r R,
    place: usize,
}

impl<'r, R> Reading<'r, R> {
    /// A row before its first cell.
    pub(super) fn of(row: &'r R) -> Self {
        Self { row, place: 0 }
    }

    fn step(&mut self) -> usize {
        self.place += 1;
        self.place - 1
    }
}

impl Cells for Reading<'_, PgRow> {
    fn next<T: Cell>(&mut self, name: &'static str) -> Result<T, Error> {
        let place = self.step();
        check_name(|| self.row.column(place).name(), name);
        Ok(self.row.try_get(place)?)
    }
}

impl Cells for Reading<'_, rusqlite::Row<'_>> {
    fn next<T: Cell>(&mut self, name: &'static str) -> Result<T, Error> {
        let place = self.step();
        check_name(|| self.row.as_ref().column_name(place).unwrap_or_default(), name);
        T::from_value(self.row.get_ref(place)?)
            .ok_or_else(|| Error::Corrupt(format!("{name}, in column {place} of a statement")))
    }
}

fn check_name<'n>(there: impl FnOnce() -> &'n str, expected: &str) {
    if cfg!(debug_assertions) && !expected.is_empty() {
        assert_eq!(there(), expected, "a statement names its columns in the order of the fields");
    }
}
