-- New customers: what the wizard asks, drafts of it, indirect resellers, offers, orders and subscriptions.

-- The number under which the company is registered, where its country demands one.
ALTER TABLE customers ADD COLUMN organization_registration_number TEXT;
-- The MPN ID of the indirect reseller, in the account of an indirect provider.
ALTER TABLE customers ADD COLUMN associated_partner_id TEXT;

CREATE INDEX customers_by_registration ON customers (partner_account_id, organization_registration_number)
    WHERE organization_registration_number IS NOT NULL;

-- The resellers who sell what an indirect provider buys.
CREATE TABLE indirect_resellers (
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    mpn_id TEXT NOT NULL,
    name TEXT NOT NULL,
    tenant_id UUID NOT NULL,
    agreement_signed BOOLEAN NOT NULL,
    event_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    PRIMARY KEY (partner_account_id, mpn_id)
);

-- A customer that somebody is filling in: the entries of each step as typed. Once it is created, only its id is left.
CREATE TABLE customer_drafts (
    id UUID NOT NULL PRIMARY KEY,
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    user_id UUID NOT NULL REFERENCES users (id),
    company_name TEXT NOT NULL,
    account_entries TEXT NOT NULL,
    subscription_entries TEXT NOT NULL,
    subscriptions_answered BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    customer_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX customer_drafts_by_user ON customer_drafts (partner_account_id, user_id, changed_at);
CREATE INDEX customer_drafts_by_age ON customer_drafts (changed_at);

-- The password of a new customer's administrator, sealed under the server's key until it was shown or is too old.
CREATE TABLE temporary_passwords (
    partner_account_id UUID NOT NULL REFERENCES partner_accounts (id),
    customer_id UUID NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    sealed BYTEA,
    expires_at TIMESTAMPTZ NOT NULL,
    shown_at TIMESTAMPTZ,
    PRIMARY KEY (partner_account_id, customer_id)
);

CREATE INDEX temporary_passwords_by_age ON temporary_passwords (expires_at) WHERE sealed IS NOT NULL;

-- What can be ordered. Lists stand with spaces between; countries '*' are all.
CREATE TABLE offers (
    id TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    segment TEXT NOT NULL,
    billing TEXT NOT NULL,
    product_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    availability_id TEXT NOT NULL,
    minimum_quantity BIGINT NOT NULL,
    maximum_quantity BIGINT NOT NULL,
    billing_cycles TEXT NOT NULL,
    term_durations TEXT NOT NULL,
    -- the offer without which it is not sold, of an add-on
    prerequisite_offer_id TEXT,
    countries TEXT NOT NULL
);

CREATE TABLE orders (
    id UUID NOT NULL PRIMARY KEY,
    customer_seq BIGINT NOT NULL REFERENCES customers (seq),
    billing_cycle TEXT NOT NULL,
    -- the agreement that opened the gate; none where nothing is gated
    agreement_id UUID REFERENCES agreements (id),
    placed_by_kind TEXT NOT NULL,
    placed_by_id UUID,
    placed_by_name TEXT NOT NULL,
    placed_at TIMESTAMPTZ NOT NULL,
    event_id UUID NOT NULL,
    salt BYTEA NOT NULL
);

CREATE INDEX orders_by_customer ON orders (customer_seq, id);

CREATE TABLE order_lines (
    order_id UUID NOT NULL REFERENCES orders (id),
    line_number BIGINT NOT NULL,
    offer_id TEXT NOT NULL,
    offer_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    term_duration TEXT NOT NULL,
    subscription_id UUID NOT NULL,
    event_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    PRIMARY KEY (order_id, line_number)
);

CREATE TABLE subscriptions (
    id UUID NOT NULL PRIMARY KEY,
    customer_seq BIGINT NOT NULL REFERENCES customers (seq),
    -- none for what was ordered elsewhere
    order_id UUID REFERENCES orders (id),
    offer_id TEXT NOT NULL,
    offer_name TEXT NOT NULL,
    billing TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    status TEXT NOT NULL,
    auto_renew BOOLEAN NOT NULL,
    billing_cycle TEXT NOT NULL,
    term_duration TEXT NOT NULL,
    commitment_ends_on DATE,
    etag BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    event_id UUID NOT NULL,
    salt BYTEA NOT NULL
);

CREATE INDEX subscriptions_by_customer ON subscriptions (customer_seq, id);

CREATE TRIGGER orders_refuse_change BEFORE UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER orders_refuse_truncate BEFORE TRUNCATE ON orders
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_lines_refuse_change BEFORE UPDATE OR DELETE ON order_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_lines_refuse_truncate BEFORE TRUNCATE ON order_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
