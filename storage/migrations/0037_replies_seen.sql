-- Approved replies are looked at again where they were written: their deletion may never
-- have come.
--   next_look     when; 0: it is not decided yet
--   looks         how often they were found there
--   missing_since when looking at them began to fail; 0: it works
ALTER TABLE replies ADD COLUMN next_look BIGINT NOT NULL DEFAULT 0;
ALTER TABLE replies ADD COLUMN looks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE replies ADD COLUMN missing_since BIGINT NOT NULL DEFAULT 0;
CREATE INDEX replies_look ON replies (next_look, id) WHERE state = 'approved';
