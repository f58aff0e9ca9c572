-- Orders that somebody is filling in, as typed. Once it is placed, only the order's id is left.
CREATE TABLE order_drafts (
    id BLOB NOT NULL PRIMARY KEY,
    partner_account_id BLOB NOT NULL REFERENCES partner_accounts (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    customer_id BLOB NOT NULL,
    entries TEXT NOT NULL,
    revision INTEGER NOT NULL,
    order_id BLOB,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

CREATE INDEX order_drafts_by_age ON order_drafts (changed_at);
