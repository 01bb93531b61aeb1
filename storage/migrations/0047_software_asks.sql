-- When a host is asked next what it runs, in place of when it was last, and how often in
-- a row it has not said. Those of which nothing is known are asked at once.
ALTER TABLE host_software RENAME COLUMN asked TO next_ask;
ALTER TABLE host_software ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
UPDATE host_software SET next_ask = CASE name WHEN '' THEN 0 ELSE next_ask + 604800000000 END;
