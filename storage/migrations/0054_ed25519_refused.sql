-- When a host that is known to verify Ed25519 last refused it; 0 if it never has.
ALTER TABLE host_software ADD COLUMN ed25519_refused BIGINT NOT NULL DEFAULT 0;
