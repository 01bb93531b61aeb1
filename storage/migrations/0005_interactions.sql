-- What comes in from the fediverse: reactions, replies, reports, and who is
-- not listened to.

-- One row for each like, emoji reaction, announce and quote.
--   object   the quoting post; empty for the other kinds, of which an actor has
--            one for each article
--   content  the emoji of a reaction
CREATE TABLE interactions (
    article  TEXT   NOT NULL REFERENCES articles (id),
    kind     TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    object   TEXT   NOT NULL,
    activity TEXT   NOT NULL,
    content  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (article, kind, actor, object)
);
CREATE INDEX interactions_actor ON interactions (actor, activity);
CREATE INDEX interactions_object ON interactions (object) WHERE object <> '';

-- The counts of an article, and what its page shows of them: the counts as they
-- were at the end of the last minute that is over. minute is the one of the last
-- change, shown_minute the one before it; both count from 1970.
--   replies  how many are approved
--   turns    rises whenever a reply is shown, hidden or changed
CREATE TABLE reactions (
    article      TEXT   PRIMARY KEY REFERENCES articles (id),
    likes        BIGINT NOT NULL DEFAULT 0,
    shares       BIGINT NOT NULL DEFAULT 0,
    quotes       BIGINT NOT NULL DEFAULT 0,
    minute       BIGINT NOT NULL DEFAULT 0,
    shown_likes  BIGINT NOT NULL DEFAULT 0,
    shown_shares BIGINT NOT NULL DEFAULT 0,
    shown_quotes BIGINT NOT NULL DEFAULT 0,
    shown_minute BIGINT NOT NULL DEFAULT 0,
    replies      BIGINT NOT NULL DEFAULT 0,
    turns        BIGINT NOT NULL DEFAULT 0,
    turned_at    BIGINT NOT NULL DEFAULT 0
);

-- The signed time of what took something back: a captured Like, Announce or
-- Create that is sent again later must not bring it back. The subject is an
-- article's or a reply's id.
CREATE TABLE undone (
    kind    TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    signed  BIGINT NOT NULL,
    PRIMARY KEY (kind, actor, subject)
);
CREATE INDEX undone_signed ON undone (signed);

-- Replies, and posts that mention us (article is empty). The token names a
-- reply with its very text: what was edited since is another.
--   version  the author's time of this text
CREATE TABLE replies (
    id         TEXT   PRIMARY KEY,
    token      TEXT   NOT NULL UNIQUE,
    article    TEXT   NOT NULL,
    parent     TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    handle     TEXT   NOT NULL,
    author_url TEXT   NOT NULL,
    url        TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    public     BIGINT NOT NULL,
    published  BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    state      TEXT   NOT NULL
);
CREATE INDEX replies_article ON replies (article, state, published, id);
CREATE INDEX replies_state ON replies (state, received, id);
CREATE INDEX replies_actor ON replies (actor, state);

-- Reports about us or our articles.
CREATE TABLE flags (
    id       TEXT   PRIMARY KEY,
    activity TEXT   NOT NULL UNIQUE,
    actor    TEXT   NOT NULL,
    content  TEXT   NOT NULL,
    objects  TEXT   NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX flags_at ON flags (at, id);

-- Domains, with all below them, and actors that are not listened to.
CREATE TABLE blocks (
    subject TEXT   PRIMARY KEY,
    kind    TEXT   NOT NULL,
    comment TEXT   NOT NULL,
    since   BIGINT NOT NULL
);
