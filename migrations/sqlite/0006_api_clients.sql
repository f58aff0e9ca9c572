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
