-- What the page of the confirmation status counts, kept in the transactions that change it. Nobody, nowhere and no
-- version are the nil GUID and the empty country, so that the keys hold no NULL.

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

INSERT INTO renewal_counts (partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id, subscriptions)
SELECT c.partner_account_id, s.commitment_ends_on, s.term_duration, coalesce(c.country, ''),
    coalesce(c.agreement_version_id, zeroblob(16)), count(*)
FROM subscriptions s JOIN customers c ON c.seq = s.customer_seq
WHERE s.status = 'active' AND NOT s.auto_renew AND s.billing = 'license' AND s.commitment_ends_on IS NOT NULL
GROUP BY 1, 2, 3, 4, 5;

CREATE INDEX subscriptions_by_hand ON subscriptions (customer_seq, commitment_ends_on, term_duration)
    WHERE status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL;
CREATE INDEX subscriptions_by_end ON subscriptions (commitment_ends_on, term_duration, customer_seq)
    WHERE status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL;

-- Who has been waiting for a confirmation the longest: of all, and of one country.
CREATE INDEX customers_unconfirmed_by_age ON customers (partner_account_id, created_at, seq) WHERE agreement_id IS NULL;
CREATE INDEX customers_unconfirmed_of_country ON customers (partner_account_id, country, created_at, seq)
    WHERE agreement_id IS NULL;

CREATE INDEX order_drafts_open ON order_drafts (partner_account_id, created_at) WHERE order_id IS NULL;
