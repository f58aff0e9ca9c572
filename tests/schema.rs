//! The twin migrations make the same schema.

use std::collections::BTreeMap;

/// Table → its columns: name, kind, whether it must be there.
type Schema = BTreeMap<String, Vec<(String, &'static str, bool)>>;

/// What a column of either database holds.
fn kind(declared: &str) -> &'static str {
    match declared {
        "BLOB" | "UUID" | "BYTEA" => "bytes",
        "TEXT" | "DATE" | "TIMESTAMPTZ" => "text or time",
        "INTEGER" | "BIGINT" | "BOOLEAN" => "number",
        other => panic!("an unknown type {other}"),
    }
}

fn schema(folder: &str) -> Schema {
    let mut schema = Schema::new();
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("migrations").map(|file| file.expect("a file").path()).collect();
    files.sort();
    for file in files {
        let sql = std::fs::read_to_string(file).expect("SQL");
        for table in sql.split("CREATE TABLE ").skip(1) {
            let (name, rest) = table.split_once(" (\n").expect("a table");
            let (body, _) = rest.split_once("\n)").expect("an end");
            let columns = body
                .lines()
                .map(str::trim)
                .filter(|line| !line.starts_with("--"))
                .filter(|line| !["PRIMARY KEY", "UNIQUE"].iter().any(|word| line.starts_with(word)))
                .map(|line| {
                    let mut words = line.trim_end_matches(',').split(' ');
                    let (name, declared) = (words.next().expect("a name"), words.next().expect("a type"));
                    (name.to_owned(), kind(declared), line.contains("NOT NULL") || line.contains("PRIMARY KEY"))
                })
                .collect();
            schema.insert(name.to_owned(), columns);
        }
        for added in sql.split("ALTER TABLE ").skip(1) {
            let (statement, _) = added.split_once(';').expect("an end");
            let (name, column) = statement.split_once(" ADD COLUMN ").expect("a column that is added");
            let (column, declared) = column.split_once(' ').expect("a type");
            schema.get_mut(name).expect("a table").push((column.to_owned(), kind(declared), false));
        }
    }
    schema
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (schema("migrations/sqlite"), schema("migrations/postgres"));
    assert!(sqlite.len() > 10, "{:?}", sqlite.keys());
    assert_eq!(sqlite, postgres);
}

#[test]
fn both_databases_have_the_same_migrations_by_name() {
    let names = |folder: &str| -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("migrations")
            .map(|file| file.expect("a file").file_name().into_string().expect("a name"))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

#[test]
fn every_table_of_sqlite_is_strict() {
    for file in std::fs::read_dir("migrations/sqlite").expect("migrations") {
        let sql = std::fs::read_to_string(file.expect("a file").path()).expect("SQL");
        assert_eq!(sql.matches("CREATE TABLE ").count(), sql.matches(") STRICT").count());
    }
}
