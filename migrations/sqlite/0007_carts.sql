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
