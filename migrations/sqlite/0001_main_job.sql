-- The main job: partner accounts and their users, customers, agreement versions, agreements, and the log.

CREATE TABLE partner_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    partner_type TEXT NOT NULL,
    cloud TEXT NOT NULL,
    environment TEXT NOT NULL,
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_fold TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    language TEXT,
    created_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL
) STRICT;

CREATE TABLE memberships (
    user_id BLOB NOT NULL REFERENCES users (id),
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    role TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (user_id, partner_account_id)
) STRICT;

CREATE INDEX memberships_by_account ON memberships (partner_account_id, role);

-- Sessions: the key is stored as its SHA-256 only.
CREATE TABLE sessions (
    key_hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    state TEXT NOT NULL,
    signed_in_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (seen_at);

-- Sign-in attempts that failed or are being judged; subjects are keyed hashes of an email or a network address.
CREATE TABLE sign_in_attempts (
    id BLOB NOT NULL,
    subject BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (subject, id)
) STRICT;

CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (at);

-- The link that makes the first user.
CREATE TABLE setup_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    expires_at TEXT NOT NULL
) STRICT;

-- What a form that was sent came to, so that sending it again shows the same.
CREATE TABLE idempotency_keys (
    token_hash BLOB NOT NULL PRIMARY KEY,
    fields_hash BLOB NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE INDEX submissions_by_age ON idempotency_keys (at);

CREATE TABLE agreement_versions (
    id BLOB NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    template_id BLOB NOT NULL,
    published_on TEXT NOT NULL UNIQUE,
    mandatory_from TEXT,
    created_at TEXT NOT NULL,
    event_id BLOB,
    salt BLOB NOT NULL
) STRICT;

-- Where a version's text can be read. Country and language '*' are the fallback.
CREATE TABLE agreement_version_links (
    agreement_version_id BLOB NOT NULL REFERENCES agreement_versions (id),
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    url TEXT NOT NULL,
    event_id BLOB,
    salt BLOB NOT NULL,
    PRIMARY KEY (agreement_version_id, country, language)
) STRICT;

-- One row whose lock is the version set: shared by what depends on it, exclusive for what changes it.
CREATE TABLE agreement_version_set (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO agreement_version_set (id, revision) VALUES (1, 0);

CREATE TABLE customers (
    seq INTEGER NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    id BLOB NOT NULL,
    company_name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    domain TEXT NOT NULL,
    country TEXT,
    address_line1 TEXT,
    address_line2 TEXT,
    city TEXT,
    state TEXT,
    postal_code TEXT,
    culture TEXT,
    contact_first_name TEXT,
    contact_last_name TEXT,
    contact_email TEXT,
    contact_email_ascii TEXT,
    contact_phone_number TEXT,
    contact_phone_e164 TEXT,
    company_etag INTEGER NOT NULL,
    contact_etag INTEGER NOT NULL,
    -- counts the changes of the confirmation status; each agreement carries its own
    agreement_seq INTEGER NOT NULL,
    -- the agreement that counts, copied so that a list needs no join
    agreement_id BLOB,
    agreement_version_id BLOB REFERENCES agreement_versions (id),
    agreement_published_on TEXT,
    date_agreed TEXT,
    accepted_directly INTEGER NOT NULL,
    acceptor_name TEXT,
    acceptor_email TEXT,
    agent_id BLOB,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    UNIQUE (partner_account_id, id)
) STRICT;

CREATE INDEX customers_by_name ON customers (partner_account_id, name_fold, seq);
CREATE INDEX customers_by_creation ON customers (partner_account_id, created_at, seq);
CREATE INDEX customers_not_confirmed ON customers (partner_account_id, name_fold, seq) WHERE agreement_id IS NULL;

-- Prefix search: one range scan over everything a customer is looked for by.
CREATE TABLE customer_terms (
    partner_account_id BLOB NOT NULL,
    term TEXT NOT NULL,
    customer_seq INTEGER NOT NULL REFERENCES customers (seq),
    kind TEXT NOT NULL,
    PRIMARY KEY (partner_account_id, term, customer_seq, kind)
) STRICT, WITHOUT ROWID;

-- Search in the middle of a name.
CREATE VIRTUAL TABLE customer_names USING fts5 (
    name_fold, content = 'customers', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER customer_names_insert AFTER INSERT ON customers BEGIN
    INSERT INTO customer_names (rowid, name_fold) VALUES (new.seq, new.name_fold);
END;
CREATE TRIGGER customer_names_update AFTER UPDATE OF name_fold ON customers WHEN old.name_fold <> new.name_fold BEGIN
    INSERT INTO customer_names (customer_names, rowid, name_fold) VALUES ('delete', old.seq, old.name_fold);
    INSERT INTO customer_names (rowid, name_fold) VALUES (new.seq, new.name_fold);
END;

-- How many customers there are, kept in the transaction that changes them. Nobody, nowhere and no version
-- are the nil GUID and the empty country, so that the key holds no NULL.
CREATE TABLE customer_counts (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    country TEXT NOT NULL,
    agent_id BLOB NOT NULL,
    agreement_version_id BLOB NOT NULL,
    customers INTEGER NOT NULL,
    PRIMARY KEY (partner_account_id, country, agent_id, agreement_version_id)
) STRICT, WITHOUT ROWID;

-- Who accepted which version for a customer, recorded by whom. What accepted directly with Microsoft has no person.
CREATE TABLE agreements (
    id BLOB NOT NULL PRIMARY KEY,
    customer_seq INTEGER NOT NULL REFERENCES customers (seq),
    agreement_seq INTEGER NOT NULL,
    agreement_version_id BLOB NOT NULL REFERENCES agreement_versions (id),
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    email_ascii TEXT,
    phone_number TEXT,
    phone_e164 TEXT,
    date_agreed TEXT,
    channel TEXT NOT NULL,
    recorded_by_kind TEXT NOT NULL,
    recorded_by_id BLOB,
    recorded_by_name TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    UNIQUE (customer_seq, agreement_seq)
) STRICT;

CREATE TRIGGER agreements_refuse_update BEFORE UPDATE ON agreements BEGIN
    SELECT RAISE(ABORT, 'agreements are append-only');
END;
CREATE TRIGGER agreements_refuse_delete BEFORE DELETE ON agreements BEGIN
    SELECT RAISE(ABORT, 'agreements are append-only');
END;

-- The log: every write and every attempt, each entry chained to the one before by hash.
CREATE TABLE audit_log (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    at TEXT NOT NULL,
    partner_account_id BLOB,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    customer_id BLOB,
    detail TEXT NOT NULL,
    salt BLOB NOT NULL,
    leaf BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    prev_hash BLOB NOT NULL UNIQUE,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX audit_log_by_customer ON audit_log (partner_account_id, customer_id, seq) WHERE customer_id IS NOT NULL;

CREATE TRIGGER audit_log_refuse_update BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
CREATE TRIGGER audit_log_refuse_delete BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- The head of the chain: the serial point of every write, locked last.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

-- The text that Partner Center has used since January 2020, under its public template id and link.
INSERT INTO agreement_versions (id, label, template_id, published_on, mandatory_from, created_at, event_id, salt) VALUES (
    X'117A77B09360443B8795C6DEDC750CF9', 'Microsoft Customer Agreement, January 2020',
    X'117A77B09360443B8795C6DEDC750CF9', '2020-01-31', NULL, '2020-01-31T00:00:00+00:00', NULL, zeroblob(16)
);
INSERT INTO agreement_version_links (agreement_version_id, country, language, url, event_id, salt) VALUES (
    X'117A77B09360443B8795C6DEDC750CF9', '*', '*', 'https://aka.ms/customeragreement', NULL, zeroblob(16)
);
