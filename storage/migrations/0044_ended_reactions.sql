-- The likes, reactions and announces of each actor that are over, by the ids of their
-- activities: undone, or replaced by another one. An Undo that names one of them ends
-- no later one, and one with another id is new, whatever the second in which both
-- were signed.
CREATE TABLE ended_reactions (
    kind     TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    article  TEXT   NOT NULL,
    activity TEXT   NOT NULL,
    signed   BIGINT NOT NULL,
    PRIMARY KEY (kind, actor, article, activity)
);
CREATE INDEX ended_reactions_signed ON ended_reactions (signed);
