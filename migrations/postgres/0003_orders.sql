-- Orders that somebody is filling in, as typed. Once it is placed, only the order's id is left.
CREATE TABLE order_drafts (
    id UUID NOT NULL PRIMARY KEY,
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    user_id UUID NOT NULL REFERENCES users (id),
    customer_id UUID NOT NULL,
    entries TEXT NOT NULL,
    revision BIGINT NOT NULL,
    order_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX order_drafts_by_age ON order_drafts (changed_at);
