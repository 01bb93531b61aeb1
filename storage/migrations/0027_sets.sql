-- The translations of one statement and its embargo.
--   inherits  1 for a draft that goes out with the statement that it translates
--   held      1 for a draft that waits for a person, because what it translates was
--             withdrawn or cancelled
ALTER TABLE articles ADD COLUMN inherits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
