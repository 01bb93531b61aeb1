-- The other accounts of our actors in the fediverse, and where one has moved.

--   alias   the id of the account; handle as it was named
CREATE TABLE actor_aliases (
    actor  TEXT NOT NULL,
    alias  TEXT NOT NULL,
    handle TEXT NOT NULL,
    PRIMARY KEY (actor, alias)
);

--   target  the id of the account that the followers were sent to, or empty
--           after that was taken back
--   at      when it was last said
CREATE TABLE actor_moves (
    actor  TEXT   PRIMARY KEY,
    target TEXT   NOT NULL,
    at     BIGINT NOT NULL
);

CREATE INDEX entries_actor ON entries (actor, seq) WHERE actor <> '';
