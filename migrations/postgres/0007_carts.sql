-- What programs are about to order. A cart that was checked out stays until it is forgotten; its orders are evidence, it is
-- not.
CREATE TABLE carts (
    id UUID NOT NULL PRIMARY KEY,
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    customer_id UUID NOT NULL,
    line_items TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    checked_out BOOLEAN NOT NULL,
    changed_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX carts_by_age ON carts (changed_at);
