-- The Follows of each actor that are over, by their ids: undone, or replaced by
-- another one. An Undo that names one of them ends no later one, and a Follow with
-- another id is new, whatever the second in which both were signed.
CREATE TABLE ended_follows (
    source TEXT   NOT NULL,
    actor  TEXT   NOT NULL,
    follow TEXT   NOT NULL,
    signed BIGINT NOT NULL,
    PRIMARY KEY (source, actor, follow)
);
CREATE INDEX ended_follows_signed ON ended_follows (signed);
