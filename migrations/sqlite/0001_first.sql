-- The schema. See ../README.md.

CREATE TABLE partner_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    partner_type TEXT NOT NULL,
    cloud TEXT NOT NULL,
    environment TEXT NOT NULL,
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- the Microsoft ID of the partner's own tenant, where somebody named it
    tenant_id BLOB,
    -- the order in which accounts are listed
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

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);

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
    -- made from the name, for searching and sorting
    name_fold TEXT NOT NULL,
    domain TEXT NOT NULL,
    country TEXT,
    address_line1 TEXT,
    address_line2 TEXT,
    city TEXT,
    state TEXT,
    postal_code TEXT,
    -- the number under which the company is registered, where its country requires one
    organization_registration_number TEXT,
    culture TEXT,
    -- the MPN ID of the indirect reseller, in the account of an indirect provider
    associated_partner_id TEXT,
    -- what the customer qualifies for besides commercial offers, as a program of the account says; none for most
    qualification TEXT,
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
    agreement_recorded_at TEXT,
    date_agreed TEXT,
    accepted_directly INTEGER NOT NULL,
    acceptor_name TEXT,
    acceptor_email TEXT,
    agent_id BLOB,
    -- licences of its subscriptions in use, kept in the transactions that change them
    licences INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    -- when a customer of a sandbox was deleted, or the relationship with a customer ended; the row stays, because what
    -- was confirmed for it is evidence
    removed_at TEXT,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    UNIQUE (partner_account_id, id)
) STRICT;

CREATE INDEX customers_by_name ON customers (partner_account_id, name_fold, seq);
CREATE INDEX customers_by_creation ON customers (partner_account_id, created_at, seq);
CREATE INDEX customers_not_confirmed ON customers (partner_account_id, name_fold, seq) WHERE agreement_id IS NULL;
CREATE INDEX customers_by_registration ON customers (partner_account_id, organization_registration_number)
    WHERE organization_registration_number IS NOT NULL;

-- Who has the most licences of those with one version, or none: of all, and of one country.
CREATE INDEX customers_by_licences ON customers (partner_account_id, agreement_version_id, licences DESC, seq);
CREATE INDEX customers_of_country_by_licences
    ON customers (partner_account_id, country, agreement_version_id, licences DESC, seq);

CREATE INDEX customers_removed ON customers (partner_account_id, id) WHERE removed_at IS NOT NULL;

-- What programs page through, in their order and without reading the rows.
CREATE INDEX customers_listed ON customers (partner_account_id, id, company_name, domain) WHERE removed_at IS NULL;

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

-- How many customers there are, kept in the transaction that changes them. No user, no version and no country are the
-- nil GUID, the nil GUID and the empty text, so that the key holds no NULL.
CREATE TABLE customer_counts (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    country TEXT NOT NULL,
    agent_id BLOB NOT NULL,
    agreement_version_id BLOB NOT NULL,
    customers INTEGER NOT NULL,
    PRIMARY KEY (partner_account_id, country, agent_id, agreement_version_id)
) STRICT, WITHOUT ROWID;

-- How many confirmations were recorded in the week that begins with this Monday in the account's time zone, of
-- customers who are in this country now and, as country *, of all: the page without a filter reads those alone.
CREATE TABLE agreement_counts (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    country TEXT NOT NULL,
    week TEXT NOT NULL,
    agent_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    accepted_directly INTEGER NOT NULL,
    agreements INTEGER NOT NULL,
    PRIMARY KEY (partner_account_id, country, week, agent_id, channel, accepted_directly)
) STRICT, WITHOUT ROWID;

-- How many customers were added in the week that begins with this Monday in the account's time zone, and of how many the
-- agreement that counts was recorded in it (effective): what was left to confirm at the end of a week follows from both.
-- Countries as above; agent and version are nil where customers are counted by the week in which they were added.
CREATE TABLE customer_week_counts (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    country TEXT NOT NULL,
    week TEXT NOT NULL,
    effective INTEGER NOT NULL,
    agent_id BLOB NOT NULL,
    agreement_version_id BLOB NOT NULL,
    added_week TEXT NOT NULL,
    customers INTEGER NOT NULL,
    PRIMARY KEY (partner_account_id, country, week, effective, agent_id, agreement_version_id, added_week)
) STRICT, WITHOUT ROWID;

-- How many subscriptions in use, charged by licence, renew only when somebody renews them.
CREATE TABLE renewal_counts (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    commitment_ends_on TEXT NOT NULL,
    term_duration TEXT NOT NULL,
    country TEXT NOT NULL,
    agreement_version_id BLOB NOT NULL,
    subscriptions INTEGER NOT NULL,
    PRIMARY KEY (partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id)
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

-- The trail of an account, in the order of time: all of it, of one kind, of one user, of those who are no user.
CREATE INDEX audit_log_by_time ON audit_log (partner_account_id, at, seq);
CREATE INDEX audit_log_by_action ON audit_log (partner_account_id, action, at, seq);
CREATE INDEX audit_log_by_user ON audit_log (partner_account_id, actor_id, at, seq, action) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_by_kind ON audit_log (partner_account_id, actor_kind, at, seq, action) WHERE actor_id IS NULL;

-- What belongs to no account: sign-ins, and what changed for every account.
CREATE INDEX audit_log_of_no_account ON audit_log (at, seq, action, actor_id) WHERE partner_account_id IS NULL;

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

-- What each verification of the whole log found: the last entry and its hash, or what was wrong. The log must hold these
-- hashes for ever.
CREATE TABLE audit_verifications (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    at TEXT NOT NULL,
    is_sound INTEGER NOT NULL,
    entry_seq INTEGER,
    entry_hash BLOB,
    finding TEXT,
    -- none where the log was too damaged to take an event
    event_id BLOB,
    salt BLOB NOT NULL
) STRICT;

CREATE INDEX audit_verifications_wrong ON audit_verifications (seq) WHERE NOT is_sound;

CREATE TRIGGER audit_verifications_refuse_update BEFORE UPDATE ON audit_verifications BEGIN
    SELECT RAISE(ABORT, 'audit_verifications are append-only');
END;
CREATE TRIGGER audit_verifications_refuse_delete BEFORE DELETE ON audit_verifications BEGIN
    SELECT RAISE(ABORT, 'audit_verifications are append-only');
END;

-- The resellers who sell what an indirect provider buys.
CREATE TABLE indirect_resellers (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    mpn_id TEXT NOT NULL,
    name TEXT NOT NULL,
    tenant_id BLOB NOT NULL,
    agreement_signed INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (partner_account_id, mpn_id)
) STRICT;

-- A customer that somebody is filling in: the entries of each step as typed. Once it is created, only its id is left.
CREATE TABLE customer_drafts (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    company_name TEXT NOT NULL,
    account_entries TEXT NOT NULL,
    subscription_entries TEXT NOT NULL,
    subscriptions_answered INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    customer_id BLOB,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

CREATE INDEX customer_drafts_by_user ON customer_drafts (partner_account_id, user_id, changed_at);
CREATE INDEX customer_drafts_by_age ON customer_drafts (changed_at);

-- The password of a new customer's administrator, sealed under the server's key until it was shown or is too old.
CREATE TABLE temporary_passwords (
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    customer_id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    sealed BLOB,
    expires_at TEXT NOT NULL,
    shown_at TEXT,
    PRIMARY KEY (partner_account_id, customer_id)
) STRICT;

CREATE INDEX temporary_passwords_by_age ON temporary_passwords (expires_at) WHERE sealed IS NOT NULL;

-- What can be ordered. Lists stand with spaces between; countries '*' are all.
CREATE TABLE offers (
    id TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    segment TEXT NOT NULL,
    billing TEXT NOT NULL,
    product_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    availability_id TEXT NOT NULL,
    minimum_quantity INTEGER NOT NULL,
    maximum_quantity INTEGER NOT NULL,
    billing_cycles TEXT NOT NULL,
    term_durations TEXT NOT NULL,
    -- the offer without which it is not sold, of an add-on
    prerequisite_offer_id TEXT,
    countries TEXT NOT NULL
) STRICT;

CREATE TABLE orders (
    id BLOB NOT NULL PRIMARY KEY,
    customer_seq INTEGER NOT NULL REFERENCES customers (seq),
    billing_cycle TEXT NOT NULL,
    -- the agreement that opened the gate; none where nothing is gated
    agreement_id BLOB REFERENCES agreements (id),
    placed_by_kind TEXT NOT NULL,
    placed_by_id BLOB,
    placed_by_name TEXT NOT NULL,
    placed_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL
) STRICT;

CREATE INDEX orders_by_customer ON orders (customer_seq, id);

CREATE TABLE order_lines (
    order_id BLOB NOT NULL REFERENCES orders (id),
    line_number INTEGER NOT NULL,
    offer_id TEXT NOT NULL,
    offer_name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    term_duration TEXT NOT NULL,
    -- what the program that ordered calls it, and the MPN ID of the partner on record; none for most
    friendly_name TEXT,
    partner_id TEXT,
    subscription_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (order_id, line_number)
) STRICT;

CREATE TABLE subscriptions (
    id BLOB NOT NULL PRIMARY KEY,
    customer_seq INTEGER NOT NULL REFERENCES customers (seq),
    -- none for what was ordered elsewhere
    order_id BLOB REFERENCES orders (id),
    offer_id TEXT NOT NULL,
    offer_name TEXT NOT NULL,
    billing TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    status TEXT NOT NULL,
    auto_renew INTEGER NOT NULL,
    billing_cycle TEXT NOT NULL,
    term_duration TEXT NOT NULL,
    commitment_ends_on TEXT,
    -- as order_lines has them, until a program changes them
    friendly_name TEXT,
    partner_id TEXT,
    etag INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL
) STRICT;

CREATE INDEX subscriptions_by_customer ON subscriptions (customer_seq, id);

-- Subscriptions that go on only when somebody renews them.
CREATE INDEX subscriptions_by_hand ON subscriptions (customer_seq, commitment_ends_on, term_duration)
    WHERE status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL;
CREATE INDEX subscriptions_by_end ON subscriptions (commitment_ends_on, term_duration, customer_seq)
    WHERE status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL;

CREATE TRIGGER orders_refuse_update BEFORE UPDATE ON orders BEGIN
    SELECT RAISE(ABORT, 'orders are append-only');
END;
CREATE TRIGGER orders_refuse_delete BEFORE DELETE ON orders BEGIN
    SELECT RAISE(ABORT, 'orders are append-only');
END;
CREATE TRIGGER order_lines_refuse_update BEFORE UPDATE ON order_lines BEGIN
    SELECT RAISE(ABORT, 'order_lines are append-only');
END;
CREATE TRIGGER order_lines_refuse_delete BEFORE DELETE ON order_lines BEGIN
    SELECT RAISE(ABORT, 'order_lines are append-only');
END;

-- Orders that somebody is filling in, as typed. Once it is placed, only the order's id is left.
CREATE TABLE order_drafts (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    customer_id BLOB NOT NULL,
    entries TEXT NOT NULL,
    revision INTEGER NOT NULL,
    order_id BLOB,
    -- since when the gate refuses it, and the day of the version that the customer's agreement had to reach then
    blocked_at TEXT,
    blocked_version_date TEXT,
    -- how many licences were to be ordered then
    licences INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

CREATE INDEX order_drafts_by_age ON order_drafts (changed_at);
CREATE INDEX order_drafts_open ON order_drafts (partner_account_id, customer_id) WHERE order_id IS NULL;
CREATE INDEX order_drafts_blocked ON order_drafts (partner_account_id, blocked_at)
    WHERE order_id IS NULL AND blocked_at IS NOT NULL;

-- Customers that somebody selected to confirm with one date: each with the etag of the primary contact as it was shown.
-- Once they were confirmed, the outcome says of each what came of it.
CREATE TABLE selections (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    list TEXT NOT NULL,
    customers TEXT NOT NULL,
    outcome TEXT,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX selections_by_age ON selections (created_at);

-- Programs that speak the Partner Center API, each for one partner account. The secret is stored as its SHA-256 only.
CREATE TABLE api_clients (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    revoked INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    event_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    UNIQUE (partner_account_id, name)
) STRICT;

-- With these a program acts as one of the account's users. The token is stored as its SHA-256 only.
CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    api_client_id BLOB NOT NULL REFERENCES api_clients (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    expires_at TEXT NOT NULL
) STRICT;

CREATE INDEX refresh_tokens_by_age ON refresh_tokens (expires_at);

-- What programs are about to order. A cart that was checked out stays until it is forgotten; its orders are evidence, it is
-- not.
CREATE TABLE carts (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    customer_id BLOB NOT NULL,
    line_items TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    revision INTEGER NOT NULL,
    checked_out INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

CREATE INDEX carts_by_age ON carts (changed_at);

-- The text that Partner Center has used since January 2020, under its public template id and link.
INSERT INTO agreement_versions (id, label, template_id, published_on, mandatory_from, created_at, event_id, salt) VALUES (
    X'117A77B09360443B8795C6DEDC750CF9', 'Microsoft Customer Agreement, January 2020',
    X'117A77B09360443B8795C6DEDC750CF9', '2020-01-31', NULL, '2020-01-31T00:00:00+00:00', NULL, zeroblob(16)
);
INSERT INTO agreement_version_links (agreement_version_id, country, language, url, event_id, salt) VALUES (
    X'117A77B09360443B8795C6DEDC750CF9', '*', '*', 'https://aka.ms/customeragreement', NULL, zeroblob(16)
);

-- A starter set of offers.
INSERT INTO offers (id, position, name, category, segment, billing, product_id, sku_id, availability_id,
    minimum_quantity, maximum_quantity, billing_cycles, term_durations, prerequisite_offer_id, countries) VALUES
('195416C1-3447-423A-B37B-EE59A99A19C4', 10, 'Exchange Online (Plan 1)', 'email', 'commercial', 'license', 'CFQ7TTC0LH16', '0001', 'AVAIL1', 1, 10000, 'monthly annual', 'P1Y P1M', NULL, '*'),
('2F707C7C-2433-49A5-A437-9CA7CF40D3EB', 20, 'Exchange Online (Plan 2)', 'email', 'commercial', 'license', 'CFQ7TTC0LH1P', '0001', 'AVAIL2', 1, 10000, 'monthly annual', 'P1Y P1M', NULL, '*'),
('BD938F12-058F-4927-BBA3-AE36B1D2501C', 30, 'Microsoft 365 Business Basic', 'microsoft-365', 'commercial', 'license', 'CFQ7TTC0LH18', '0001', 'AVAIL3', 1, 300, 'monthly annual', 'P1Y P1M P3Y', NULL, '*'),
('031C9E47-4802-4248-838E-778FB1D2CC05', 40, 'Microsoft 365 Business Standard', 'microsoft-365', 'commercial', 'license', 'CFQ7TTC0LDPB', '0001', 'AVAIL4', 1, 300, 'monthly annual', 'P1Y P1M P3Y', NULL, '*'),
('F245ECC8-75AF-4F8E-B61F-27D8114DE5F3', 50, 'Microsoft 365 Business Premium', 'microsoft-365', 'commercial', 'license', 'CFQ7TTC0LCHC', '0002', 'AVAIL5', 1, 300, 'monthly annual', 'P1Y P1M P3Y', NULL, '*'),
('91FD106F-4B2C-4938-95AC-F54F74E9A239', 60, 'Office 365 E1', 'microsoft-365', 'commercial', 'license', 'CFQ7TTC0LF8Q', '0001', 'AVAIL6', 1, 10000, 'monthly annual', 'P1Y P1M P3Y', NULL, '*'),
('796B6B5F-613C-4E24-A17C-EBA730D49C02', 70, 'Office 365 E3', 'microsoft-365', 'commercial', 'license', 'CFQ7TTC0LF8R', '0001', 'AVAIL7', 1, 10000, 'monthly annual', 'P1Y P1M P3Y', NULL, '*'),
('E5CFE15E-4FBF-4CBA-9CB7-C5CD5BAB4C11', 80, 'Office 365 A3 (faculty)', 'microsoft-365', 'education', 'license', 'CFQ7TTC0LGV0', '0001', 'AVAIL8', 1, 10000, 'monthly annual', 'P1Y', NULL, '*'),
('A2706F86-868D-4048-989B-0C69E5C76B63', 90, 'Microsoft Defender for Office 365 (Plan 1)', 'security', 'commercial', 'license', 'CFQ7TTC0LH04', '0001', 'AVAIL9', 1, 10000, 'monthly annual', 'P1Y P1M', '195416C1-3447-423A-B37B-EE59A99A19C4', '*'),
('51E95709-DC35-4780-9040-22278CB7C0E1', 100, 'Enterprise Mobility + Security E3', 'security', 'commercial', 'license', 'CFQ7TTC0LHT4', '0001', 'AVAIL10', 1, 10000, 'monthly annual', 'P1Y P1M', NULL, '*'),
('16C9F982-A827-4003-A88E-E75DF1927F27', 110, 'Microsoft Entra ID P1', 'security', 'commercial', 'license', 'CFQ7TTC0LFLS', '0002', 'AVAIL11', 1, 10000, 'monthly annual', 'P1Y P1M', NULL, '*'),
('800F4F3B-CFE1-42C1-9CEA-675512810488', 120, 'Power BI Pro', 'business-apps', 'commercial', 'license', 'CFQ7TTC0L3PB', '0001', 'AVAIL12', 1, 10000, 'monthly annual', 'P1Y P1M', NULL, '*'),
('DZH318Z0BPS6', 130, 'Azure plan', 'azure', 'commercial', 'usage', 'DZH318Z0BPS6', '0001', 'AVAIL13', 1, 1, 'monthly', 'P1M', NULL, '*');
