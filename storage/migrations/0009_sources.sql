-- Many sources of deliveries: the actor that authors everything, actors that
-- announce what falls under them, and topics of feeds.

--   kind      author, announcer or topic
--   section   what falls under it: this section's subtree (0: everything) …
--   language  … in this language ('': in any)
ALTER TABLE heads ADD COLUMN kind TEXT NOT NULL DEFAULT 'author';
ALTER TABLE heads ADD COLUMN section BIGINT NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN language TEXT NOT NULL DEFAULT '';
CREATE INDEX heads_moved ON heads (seq);
CREATE INDEX heads_scope ON heads (kind, section, language);

-- Which actors announced an article, fixed at its first publication, and the
-- entry that they announced.
CREATE TABLE announced (
    article TEXT   NOT NULL REFERENCES articles (id),
    source  TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (article, source)
);
CREATE INDEX announced_by ON announced (source, seq);

-- One counter for all sources: of topics there may be thousands.
ALTER TABLE log_head ADD COLUMN wakes BIGINT NOT NULL DEFAULT 0;
UPDATE log_head SET wakes = COALESCE((SELECT MAX(wakes) FROM heads), 0);
ALTER TABLE heads DROP COLUMN wakes;

-- What was put off is found in the order of its instants, of whichever source.
DROP INDEX destinations_retry;
CREATE INDEX destinations_retry ON destinations (next_attempt) WHERE due_by = 1;

-- Progress is counted for each source.
ALTER TABLE progress RENAME TO progress_of_one;
CREATE TABLE progress (
    source    TEXT   NOT NULL,
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    servers   BIGINT NOT NULL,
    followers BIGINT NOT NULL,
    PRIMARY KEY (source, seq, at)
);
INSERT INTO progress (source, seq, at, servers, followers)
    SELECT COALESCE((SELECT MIN(source) FROM heads), ''), seq, at, servers, followers FROM progress_of_one;
DROP TABLE progress_of_one;
