-- Who did what, on the command line and on the desk.
--   seq      from 1, without a gap
--   who      as they are known where they come from
--   via      the way by which they came
--   network  from where, as far as that is kept
--   did      a verb in the past
--   subject  to what
--   facts    names and values, a JSON object; never words of an article
--   entry    of the log that the act appended, or 0
--   hash     over the line and the hash of the one before it
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    who     TEXT   NOT NULL,
    via     TEXT   NOT NULL,
    network TEXT   NOT NULL,
    did     TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    facts   TEXT   NOT NULL,
    entry   BIGINT NOT NULL,
    hash    TEXT   NOT NULL
);
CREATE UNIQUE INDEX audit_hash ON audit (hash);
CREATE INDEX audit_subject ON audit (subject, seq);

-- The hash of the line that says who appended an entry; empty if nobody did, as when an
-- embargo ends, or that was before there were such lines.
ALTER TABLE entries ADD COLUMN audited TEXT NOT NULL DEFAULT '';
