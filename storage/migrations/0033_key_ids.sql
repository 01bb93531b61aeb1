-- A key that replaces another has an id of its own: there are servers that keep
-- keys by their ids for ever.
--   fragment  of the key's id; empty: the key's name
ALTER TABLE actor_keys ADD COLUMN fragment TEXT NOT NULL DEFAULT '';

-- The hosts that may know an actor by a key that was replaced, and when they took
-- what tells of the new one.
--   since  the entry that tells of the new key
--   at     0 until the host has taken it
CREATE TABLE told_keys (
    actor TEXT   NOT NULL,
    since BIGINT NOT NULL,
    host  TEXT   NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (actor, since, host)
);
