-- The requests that brought replies and quotes, as their authors signed them, while they may
-- be needed; NULL if there is none that has the text.
ALTER TABLE replies ADD COLUMN original BYTEA;
ALTER TABLE quoting ADD COLUMN original BYTEA;
CREATE INDEX replies_original ON replies (received) WHERE original IS NOT NULL;
CREATE INDEX quoting_original ON quoting (received) WHERE original IS NOT NULL;

-- Replies and quotes that were kept as evidence, as they were. Nobody outside takes them away.
--   id       names it
--   token    under which it was listed, as it is in the audit
--   quotes   1 if it is a quote
--   kept_by  who kept it
--   original the signed request, NULL if there was none; digest is its SHA-256
CREATE TABLE evidence (
    id         TEXT   PRIMARY KEY,
    kept       BIGINT NOT NULL,
    kept_by    TEXT   NOT NULL,
    token      TEXT   NOT NULL,
    post       TEXT   NOT NULL,
    article    TEXT   NOT NULL,
    parent     TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    handle     TEXT   NOT NULL,
    author_url TEXT   NOT NULL,
    url        TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    quotes     BIGINT NOT NULL,
    public     BIGINT NOT NULL,
    published  BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    state      TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    original   BYTEA
);
CREATE INDEX evidence_kept ON evidence (kept, id);
CREATE INDEX evidence_token ON evidence (token);
