-- What articles are filed under beside their section. A tag is known by its
-- slug (press.TagSlug); the rows of what is public already are made by
-- fill_tags.go, because SQL folds letters of some scripts only.

--   name  as the article writes it that was filed last
--   seq   the newest entry that changed what the tag's page and feeds say
CREATE TABLE tags (
    tag      TEXT   NOT NULL,
    language TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (tag, language)
);
CREATE INDEX tags_changed ON tags (language, seq);

-- A row stays when its article loses the tag or is withdrawn: who got the
-- article there is to learn of its withdrawal there.
--   listed     1 while the article is public and has the tag
--   withdrawn  when the article was withdrawn, or 0
CREATE TABLE tag_articles (
    tag       TEXT   NOT NULL,
    language  TEXT   NOT NULL,
    article   TEXT   NOT NULL,
    published BIGINT NOT NULL,
    listed    BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (tag, language, article)
);
CREATE INDEX tag_articles_article ON tag_articles (article);
CREATE INDEX tag_articles_newest ON tag_articles (tag, language, published, article) WHERE listed = 1;
CREATE INDEX tag_articles_withdrawn ON tag_articles (tag, language, withdrawn) WHERE withdrawn > 0;
