-- Who follows, where deliveries go, and how far each destination has come.

CREATE TABLE actor_keys (
    actor   TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    private TEXT   NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (actor, name)
);

-- One row an inbox or callback, however many followers share it.
--   cursor     entries up to here are settled there
--   attempted  entries up to here may have arrived there
--   waits_for  the directed message (first Accept) that must be settled first
--   claimed_by the generation of the delivering process that holds it, or 0
CREATE TABLE destinations (
    id            BIGINT PRIMARY KEY,
    source        TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    url           TEXT   NOT NULL,
    host          TEXT   NOT NULL,
    shard         BIGINT NOT NULL,
    cursor        BIGINT NOT NULL,
    attempted     BIGINT NOT NULL,
    failures      BIGINT NOT NULL,
    failing_since BIGINT NOT NULL,
    next_attempt  BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    waits_for     TEXT   NOT NULL,
    claimed_by    BIGINT NOT NULL,
    last_success  BIGINT NOT NULL,
    last_error    TEXT   NOT NULL,
    UNIQUE (source, url)
);
CREATE INDEX destinations_behind ON destinations (source, cursor);
CREATE INDEX destinations_waiting ON destinations (waits_for);

-- The stretches of the log during which a destination had a follower.
-- Entries with from_seq < seq, and seq <= to_seq once it is closed, are covered.
CREATE TABLE spans (
    destination BIGINT NOT NULL REFERENCES destinations (id),
    from_seq    BIGINT NOT NULL,
    to_seq      BIGINT,
    PRIMARY KEY (destination, from_seq)
);

CREATE TABLE followers (
    source      TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    inbox       TEXT   NOT NULL,
    destination BIGINT NOT NULL REFERENCES destinations (id),
    follow      TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    PRIMARY KEY (source, actor)
);
CREATE INDEX followers_destination ON followers (destination);

-- The signed time of the last Undo of each follower that left: a captured
-- Follow that is sent again later must not bring him back.
CREATE TABLE unfollows (
    source TEXT   NOT NULL,
    actor  TEXT   NOT NULL,
    signed BIGINT NOT NULL,
    PRIMARY KEY (source, actor)
);
CREATE INDEX unfollows_signed ON unfollows (signed);

-- Messages for one follower's own inbox, beside the log.
CREATE TABLE directed (
    id           TEXT   PRIMARY KEY,
    source       TEXT   NOT NULL,
    recipient    TEXT   NOT NULL,
    inbox        TEXT   NOT NULL,
    host         TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    created      BIGINT NOT NULL,
    failures     BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    claimed_by   BIGINT NOT NULL,
    last_error   TEXT   NOT NULL
);
CREATE INDEX directed_due ON directed (next_attempt);

-- What was not taken: reach is read off cursors, these are the exceptions.
CREATE TABLE refusals (
    destination BIGINT NOT NULL REFERENCES destinations (id),
    seq         BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    status      BIGINT NOT NULL,
    detail      TEXT   NOT NULL,
    PRIMARY KEY (destination, seq)
);
