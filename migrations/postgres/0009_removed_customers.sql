-- When a customer of a sandbox was deleted, or the relationship with a customer ended; none for all that are there.
-- The row stays, because what was confirmed for it is evidence.
ALTER TABLE customers ADD COLUMN removed_at TIMESTAMPTZ;

CREATE INDEX customers_removed ON customers (partner_account_id, id) WHERE removed_at IS NOT NULL;

-- What programs page through, in their order and without a look at the rows.
CREATE INDEX customers_listed ON customers (partner_account_id, id) INCLUDE (company_name, domain)
    WHERE removed_at IS NULL;
