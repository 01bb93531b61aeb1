-- A correction finds the pictures of its article.
CREATE INDEX media_articles_article ON media_articles (article);

-- Almost no destination waits for a message. With those that do not in it, the
-- index was taken to find what is due, which is nearly all of it.
DROP INDEX destinations_waiting;
CREATE INDEX destinations_waiting ON destinations (waits_for) WHERE waits_for <> '';
