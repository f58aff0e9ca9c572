-- Programs that speak the Partner Center API, each for one partner account. The secret is stored as its SHA-256 only.
CREATE TABLE api_clients (
    id UUID NOT NULL PRIMARY KEY,
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    revoked BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    event_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    UNIQUE (partner_account_id, name)
);

-- With these a program acts as one of the account's users. The token is stored as its SHA-256 only.
CREATE TABLE refresh_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    api_client_id UUID NOT NULL REFERENCES api_clients (id),
    user_id UUID NOT NULL REFERENCES users (id),
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX refresh_tokens_by_age ON refresh_tokens (expires_at);
