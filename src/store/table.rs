//! Tables, each declared once: `table!` gives the struct of a row, the list of its columns, how it is read, inserted and
//! replaced, and what of it the log vouches for.

use std::fmt::Display;

use uuid::Uuid;

use super::{
    Error, Read, Write,
    row::{Cell, Cells, Column, Record},
    statement::Stmt,
};

/// The number of a row that the database has still to number.
pub(super) const UNNUMBERED: i64 = 0;

/// A row of one table.
pub(super) trait Table: Record {
    /// The table's name.
    const TABLE: &'static str;
    /// Its columns, in the order of the fields.
    const COLUMNS: &'static str;
    /// The same, one by one.
    const NAMES: &'static [&'static str];
    /// Those that are inserted.
    const INSERTED: &'static str;
    /// The places of their values.
    const PLACES: &'static str;
    /// Those that tell a row from the others.
    const KEY: &'static str;
    /// What becomes of those that are replaced when the key is there already.
    const REPLACED: &'static str;

    /// Binds the values that are inserted.
    fn bind_to(self, statement: Stmt<'_>) -> Stmt<'_>;

    /// The columns of the table under another name.
    fn columns_of(alias: &str) -> String {
        let mut columns = String::with_capacity(2 * Self::COLUMNS.len());
        for (place, name) in Self::NAMES.iter().enumerate() {
            columns.extend([if place == 0 { "" } else { ", " }, alias, ".", name]);
        }
        columns
    }
}

/// Selects rows; `rest` is what stands behind the name of the table.
pub(super) fn select<'t, R: Table>(conn: &'t mut dyn Read, rest: &str) -> Stmt<'t> {
    conn.assembled(format!("SELECT {} FROM {} {rest}", R::COLUMNS, R::TABLE))
}

/// Changes rows and gives them as they are then; `rest` is what stands behind the name of the table.
pub(super) fn update<'t, R: Table>(tx: &'t mut dyn Write, rest: &str) -> Stmt<'t> {
    tx.assembled(format!("UPDATE {} {rest} RETURNING {}", R::TABLE, R::COLUMNS))
}

/// Adds a row; `rest` is what stands behind its values.
pub(super) fn add<'t, R: Table>(tx: &'t mut dyn Write, row: R, rest: &str) -> Stmt<'t> {
    let statement = format!("INSERT INTO {} ({}) VALUES ({}) {rest}", R::TABLE, R::INSERTED, R::PLACES);
    row.bind_to(tx.assembled(statement))
}

/// Inserts a row and gives it as it is stored.
pub(super) async fn insert<R: Table>(tx: &mut dyn Write, row: R) -> Result<R, Error> {
    add(tx, row, &format!("RETURNING {}", R::COLUMNS)).one().await
}

/// Inserts a row, or replaces the one with its key: all but its salt and what is declared as kept. Gives it as it is
/// stored.
pub(super) async fn put<R: Table>(tx: &mut dyn Write, row: R) -> Result<R, Error> {
    let replace = format!("ON CONFLICT ({}) DO UPDATE SET {} RETURNING {}", R::KEY, R::REPLACED, R::COLUMNS);
    add(tx, row, &replace).one().await
}

/// Declares a table's row. Behind a field may stand what it is: `= key` tells a row from the others, `= made` is given
/// by the database, `= kept` stays as it was first when a row is replaced, `= undigested` is nothing that the log
/// vouches for, `= kept_undigested` is both. Of an `audited` table the log vouches for all other fields; its last two are
/// `event_id` and `salt`.
macro_rules! table {
    ($(#[$meta:meta])* $vis:vis struct $name:ident: audited $table:literal {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty $(= $role:ident)?),+ $(,)?
    }) => {
        $crate::store::table::table! {
            $(#[$meta])* $vis struct $name: $table {
                $($(#[$field_meta])* $field_vis $field: $kind $(= $role)?),+
            }
        }

        impl $crate::domain::audit::AuditedRow for $name {
            const TABLE: &'static str = $table;

            fn event_id(&self) -> Option<uuid::Uuid> {
                self.event_id.into()
            }

            fn salt(&self) -> &[u8] {
                &self.salt
            }

            fn key(&self, encoder: &mut $crate::domain::audit::CanonicalEncoder) {
                $($crate::store::table::only_key!($field $($role)?, encoder.value(&self.$field));)+
            }

            fn content(&self, encoder: &mut $crate::domain::audit::CanonicalEncoder) {
                $($crate::store::table::only_content!($field $($role)?, encoder.value(&self.$field));)+
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident: $table:literal {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty $(= $role:ident)?),+ $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $kind),+ }

        impl $crate::store::row::Record for $name {
            fn read(cells: &mut impl $crate::store::row::Cells) -> Result<Self, $crate::store::Error> {
                let at = $crate::store::table::Place { table: $table, key: None };
                $(
                    let $field = at.cell(cells, stringify!($field))?;
                    $crate::store::table::only_key!(
                        $field $($role)?,
                        let at = $crate::store::table::Place { key: Some(&$field), ..at };
                    );
                )+
                Ok(Self { $($field),+ })
            }

            fn check<'n>(names: &mut impl Iterator<Item = &'n str>) -> Result<(), $crate::store::Error> {
                <Self as $crate::store::table::Table>::NAMES
                    .iter()
                    .try_for_each(|name| $crate::store::row::expect_name(names, name))
            }
        }

        impl $crate::store::table::Table for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static str = $crate::store::table::list(concat!($(stringify!($field), ", "),+));
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];
            const INSERTED: &'static str = $crate::store::table::list(concat!(
                $($crate::store::table::inserted!($field $($role)?, concat!(stringify!($field), ", "), "")),+
            ));
            const PLACES: &'static str =
                $crate::store::table::places(0 $(+ $crate::store::table::inserted!($field $($role)?, 1, 0))+);
            const KEY: &'static str = $crate::store::table::list(concat!(
                $($crate::store::table::is_key!($field $($role)?, concat!(stringify!($field), ", "), "")),+
            ));
            const REPLACED: &'static str = $crate::store::table::list(concat!($(
                $crate::store::table::replaced!(
                    $field $($role)?,
                    concat!(stringify!($field), " = excluded.", stringify!($field), ", ")
                )
            ),+));

            fn bind_to(self, statement: $crate::store::statement::Stmt<'_>) -> $crate::store::statement::Stmt<'_> {
                $(
                    let statement =
                        $crate::store::table::inserted!($field $($role)?, statement.bind(self.$field), statement);
                )+
                statement
            }
        }
    };
}

macro_rules! inserted {
    ($field:ident made, $yes:expr, $no:expr) => {
        $no
    };
    ($field:ident $($role:ident)?, $yes:expr, $no:expr) => {
        $yes
    };
}

macro_rules! is_key {
    ($field:ident key, $yes:expr, $no:expr) => {
        $yes
    };
    ($field:ident $($role:ident)?, $yes:expr, $no:expr) => {
        $no
    };
}

macro_rules! replaced {
    ($field:ident key, $set:expr) => {
        ""
    };
    ($field:ident made, $set:expr) => {
        ""
    };
    ($field:ident kept, $set:expr) => {
        ""
    };
    ($field:ident kept_undigested, $set:expr) => {
        ""
    };
    (salt, $set:expr) => {
        ""
    };
    ($field:ident $($role:ident)?, $set:expr) => {
        $set
    };
}

macro_rules! only_key {
    ($field:ident key, $($then:tt)+) => {
        $($then)+
    };
    ($field:ident $($role:ident)?, $($then:tt)+) => {};
}

macro_rules! only_content {
    ($field:ident key, $then:expr) => {};
    ($field:ident undigested, $then:expr) => {};
    ($field:ident kept_undigested, $then:expr) => {};
    (event_id, $then:expr) => {};
    (salt, $then:expr) => {};
    ($field:ident $($role:ident)?, $then:expr) => {
        $then
    };
}

pub(super) use {inserted, is_key, only_content, only_key, replaced, table};

/// Where a row is read, so that a value that makes no sense can be found.
#[derive(Clone, Copy)]
pub(super) struct Place<'k> {
    pub(super) table: &'static str,
    /// The last part of the row's key that was read.
    pub(super) key: Option<&'k dyn Display>,
}

impl Place<'_> {
    /// The next cell.
    pub(super) fn cell<T: Cell>(self, cells: &mut impl Cells, name: &'static str) -> Result<T, Error> {
        cells.next(name).map_err(|error| self.locate(error, name))
    }

    fn locate(self, error: Error, name: &str) -> Error {
        let is_value = match &error {
            Error::Corrupt(_) => true,
            Error::Broken(cause) => {
                matches!(cause.downcast_ref(), Some(sqlx::Error::ColumnDecode { .. }))
            }
            _ => false,
        };
        match self.key {
            _ if !is_value => error,
            Some(key) => Error::Corrupt(format!("{name} of {} {key}: {error}", self.table)),
            None => Error::Corrupt(format!("{name} of {}: {error}", self.table)),
        }
    }
}

/// A list without the comma at its end.
pub(super) const fn list(with_comma: &'static str) -> &'static str {
    match with_comma.len() {
        0 => "",
        length => with_comma.split_at(length - 2).0,
    }
}

/// The places of so many values.
pub(super) const fn places(count: usize) -> &'static str {
    const ALL: &str = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
                       $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, \
                       $43, $44, $45, $46, $47, $48, $49, $50, ";
    let (mut end, mut seen) = (0, 0);
    while seen < count {
        assert!(end < ALL.len(), "a table has more columns than there are places");
        seen += (ALL.as_bytes()[end] == b',') as usize;
        end += 1;
    }
    match end {
        0 => "",
        end => ALL.split_at(end - 1).0,
    }
}

/// Values to bind, in order.
pub trait Values {
    /// Binds them.
    fn bind_to(self, statement: Stmt<'_>) -> Stmt<'_>;
}

macro_rules! values {
    ($($($kind:ident $value:ident)+),+) => {$(
        impl<$($kind: Column),+> Values for ($($kind,)+) {
            fn bind_to(self, statement: Stmt<'_>) -> Stmt<'_> {
                let ($($value,)+) = self;
                $(let statement = statement.bind($value);)+
                statement
            }
        }
    )+};
}
values!(
    A a,
    A a B b,
    A a B b C c,
    A a B b C c D d,
    A a B b C c D d E e,
    A a B b C c D d E e F f,
    A a B b C c D d E e F f G g,
    A a B b C c D d E e F f G g H h,
    A a B b C c D d E e F f G g H h I i,
    A a B b C c D d E e F f G g H h I i J j,
    A a B b C c D d E e F f G g H h I i J j K k,
    A a B b C c D d E e F f G g H h I i J j K k L l
);

impl Stmt<'_> {
    /// Binds the next places, one after the other.
    #[must_use]
    pub fn values(self, values: impl Values) -> Self {
        values.bind_to(self)
    }
}

/// Where a chunk of rows begins: at the first id there can be, or behind one.
pub(super) fn after_operator(after: Option<Uuid>) -> &'static str {
    // The first id there can be is nil, which nothing but `>=` finds.
    if after.is_some() { ">" } else { ">=" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::{AuditedRow as _, CanonicalEncoder};

    table! {
        struct Sample: audited "samples" {
            seq: i64 = made,
            id: Uuid = key,
            name: String,
            fold: String = undigested,
            since: i64 = kept,
            event_id: Uuid,
            salt: Vec<u8>,
        }
    }

    #[test]
    fn a_declaration_gives_the_parts_of_every_statement() {
        assert_eq!(Sample::COLUMNS, "seq, id, name, fold, since, event_id, salt");
        assert_eq!(Sample::columns_of("s"), "s.seq, s.id, s.name, s.fold, s.since, s.event_id, s.salt");
        assert_eq!(Sample::INSERTED, "id, name, fold, since, event_id, salt");
        assert_eq!(Sample::PLACES, "$1, $2, $3, $4, $5, $6");
        assert_eq!(Sample::KEY, "id");
        assert_eq!(Sample::REPLACED, "name = excluded.name, fold = excluded.fold, event_id = excluded.event_id");
    }

    #[test]
    fn a_result_whose_columns_stand_in_another_order_is_refused() {
        assert!(Sample::check(&mut Sample::NAMES.iter().copied()).is_ok());
        assert!(Sample::check(&mut Sample::NAMES.iter().copied().rev()).is_err());
        assert!(Sample::check(&mut Sample::NAMES.iter().copied().take(6)).is_err());
    }

    #[test]
    fn the_digest_holds_every_field_but_the_undigested_in_order() {
        let id = Uuid::from_u128(1);
        let (name, fold) = ("Name".to_owned(), "name".to_owned());
        let sample = Sample { seq: 3, id, name, fold, since: 7, event_id: Uuid::max(), salt: vec![9] };
        let (mut key, mut content) = (CanonicalEncoder::default(), CanonicalEncoder::default());
        sample.key(&mut key);
        sample.content(&mut content);
        let mut expected = CanonicalEncoder::default();
        expected.guid(id);
        assert_eq!(key, expected);
        let mut expected = CanonicalEncoder::default();
        expected.int(3);
        expected.text("Name");
        expected.int(7);
        assert_eq!(content, expected);
        assert_eq!((sample.event_id(), sample.salt()), (Some(Uuid::max()), [9].as_slice()));
    }
}
