-- Keys that are changed: the old one is kept until every server has been told
-- of the new one.
--   since  the entry that tells of the key, itself still signed with the key
--          before; 0 of the first key

ALTER TABLE actor_keys RENAME TO actor_keys_of_old;
CREATE TABLE actor_keys (
    actor   TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    since   BIGINT NOT NULL,
    private TEXT   NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (actor, name, since)
);
INSERT INTO actor_keys (actor, name, since, private, created)
    SELECT actor, name, 0, private, created FROM actor_keys_of_old;
DROP TABLE actor_keys_of_old;
