-- Fan-out by index: what is due is found without looking at what is not.

--   due_by     0: when its cursor is behind the head; 1: at next_attempt;
--              2: never, until somebody follows there again
--   rank       the lower, the earlier: most followers first, then best latency
--   followers  how many are served here
--   latency    running mean of the answers, in microseconds
ALTER TABLE destinations ADD COLUMN due_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN rank BIGINT NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN followers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN latency BIGINT NOT NULL DEFAULT 0;

UPDATE destinations SET
    followers = (SELECT COUNT(*) FROM followers WHERE followers.destination = destinations.id),
    due_by = CASE WHEN state = 'gone' THEN 2 WHEN next_attempt > 0 THEN 1 ELSE 0 END;

DROP INDEX destinations_behind;
CREATE INDEX destinations_due ON destinations (source, due_by, cursor, rank, id);
CREATE INDEX destinations_retry ON destinations (source, next_attempt) WHERE due_by = 1;
CREATE INDEX destinations_host ON destinations (host);
CREATE INDEX directed_host ON directed (host);

-- Counts what asks the delivering process to look again without a new entry:
-- a host that was resumed, or is to be tried now.
ALTER TABLE heads ADD COLUMN wakes BIGINT NOT NULL DEFAULT 0;

-- Hosts that an operator has paused.
CREATE TABLE paused_hosts (
    host  TEXT   PRIMARY KEY,
    since BIGINT NOT NULL
);

-- How many servers and followers were reached by an entry, by the instant.
CREATE TABLE progress (
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    servers   BIGINT NOT NULL,
    followers BIGINT NOT NULL,
    PRIMARY KEY (seq, at)
);
