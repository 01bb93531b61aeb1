--   hidden  1 for a wording that a correction took out of what the public can read;
--           editors are still told if a correction would bring it back
ALTER TABLE revisions ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;
