-- The Microsoft ID of the partner's own tenant, where somebody named it.
ALTER TABLE partner_accounts ADD COLUMN tenant_id BLOB;
