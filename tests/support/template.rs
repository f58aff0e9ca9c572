//! Databases of the current schema, copied from one that was migrated once.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use countersign::{
    domain::clock::Clock,
    store::migrate::{self, Location, Place},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::{Mutex, OnceCell};

use super::portal::{postgres, start_of_test};

/// Puts a database into a folder.
pub async fn sqlite(folder: &Path) -> Place {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(|| async {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("template.db");
        migrate_at(Place::Sqlite(path.clone())).await;
        // Whoever closes a database last writes its log back into the file.
        assert!(!folder.path().join("template.db-wal").exists(), "the template is still open");
        std::fs::read(path).expect("a database")
    });
    let path = folder.join("countersign.db");
    std::fs::write(&path, template.await).expect("a database");
    Place::Sqlite(path)
}

/// Makes a database on the server that the tests are given.
pub async fn postgres_database() -> Place {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    // Copies wait for each other on the server too, and the wait there has a limit.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let process = std::process::id();
    let template = TEMPLATE.get_or_init(|| async {
        let name = format!("t_{process}_template");
        let mut server = Server::connect().await;
        server.create(&name, "template1").await;
        migrate_at(Place::Postgres(server.address(&name))).await;
        // The server copies no database that somebody is connected to. It waits for connections that are closing.
        server.execute(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
        server.close().await;
        name
    });
    let template = template.await;
    let name = format!("t_{process}_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let _guard = ONE_AT_A_TIME.lock().await;
    let mut server = Server::connect().await;
    server.create(&name, template).await;
    let address = server.address(&name);
    server.close().await;
    Place::Postgres(address)
}

async fn migrate_at(at: Place) {
    let location = Location { at, connections: Some(1) };
    migrate::open(&location, Clock::at(start_of_test())).await.expect("a database").close().await;
}

/// The server, as its superuser.
struct Server {
    address: String,
    connection: PgConnection,
}

impl Server {
    async fn connect() -> Self {
        let address = postgres().expect("COUNTERSIGN_TEST_POSTGRES: the PostgreSQL that this test needs");
        let connection = PgConnection::connect(&address).await.expect("the PostgreSQL of the tests");
        Self { address, connection }
    }

    /// The address of another of its databases.
    fn address(&self, database: &str) -> String {
        let (base, _) = self.address.rsplit_once('/').expect("an address with a database");
        format!("{base}/{database}")
    }

    async fn create(&mut self, name: &str, template: &str) {
        self.execute(&format!("DROP DATABASE IF EXISTS {name}")).await;
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    }

    async fn execute(&mut self, sql: &str) {
        self.connection.execute(AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn close(self) {
        self.connection.close().await.expect("an end");
    }
}
