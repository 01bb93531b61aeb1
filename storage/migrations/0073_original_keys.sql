-- The public key that verified a signed request, in PEM, beside the request: its author's server
-- may show another one later, or none. Empty where there is no request, or it came before keys
-- were kept.
ALTER TABLE replies ADD COLUMN original_key TEXT NOT NULL DEFAULT '';
ALTER TABLE quoting ADD COLUMN original_key TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN original_key TEXT NOT NULL DEFAULT '';
