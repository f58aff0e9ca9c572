-- The trail of an account, in the order of time: all of it, of one kind, of one user, of those who are no user.
CREATE INDEX audit_log_by_time ON audit_log (partner_account_id, at, seq);
CREATE INDEX audit_log_by_action ON audit_log (partner_account_id, action, at, seq);
CREATE INDEX audit_log_by_user ON audit_log (partner_account_id, actor_id, at, seq, action) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_by_kind ON audit_log (partner_account_id, actor_kind, at, seq, action) WHERE actor_id IS NULL;

-- What belongs to no account: sign-ins, and what changed for every account.
CREATE INDEX audit_log_of_no_account ON audit_log (at, seq, action, actor_id) WHERE partner_account_id IS NULL;

-- When the whole log was verified last, and what came of it.
CREATE TABLE audit_verification (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    at TIMESTAMPTZ NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    is_sound BOOLEAN NOT NULL
);
