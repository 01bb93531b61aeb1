-- The posts that quote articles, so that operators see them and can take a permission
-- back; it is in quotes. One that was rejected stays, so that it is neither permitted
-- nor counted again. token names it in lists.
CREATE TABLE quoting (
    article  TEXT   NOT NULL REFERENCES articles (id),
    post     TEXT   NOT NULL,
    token    TEXT   NOT NULL UNIQUE,
    actor    TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    handle   TEXT   NOT NULL,
    url      TEXT   NOT NULL,
    content  TEXT   NOT NULL,
    public   BIGINT NOT NULL,
    received BIGINT NOT NULL,
    state    TEXT   NOT NULL,
    PRIMARY KEY (article, post)
);
CREATE INDEX quoting_state ON quoting (state, received, post);
CREATE INDEX quoting_actor ON quoting (actor);
INSERT INTO quoting (article, post, token, actor, name, handle, url, content, public, received, state)
    SELECT article, quote, token, actor, actor, actor, quote, '', 1, granted, 'approved' FROM quotes;
INSERT INTO quoting (article, post, token, actor, name, handle, url, content, public, received, state)
    SELECT article, object, 'q' || ROW_NUMBER() OVER (ORDER BY at, article, object), actor, actor, actor, object, '', 1, at, 'approved'
    FROM interactions i WHERE kind = 'quote' AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.article = i.article AND q.quote = i.object)
    AND NOT EXISTS (SELECT 1 FROM interactions o WHERE o.kind = 'quote' AND o.article = i.article AND o.object = i.object AND o.actor < i.actor);
