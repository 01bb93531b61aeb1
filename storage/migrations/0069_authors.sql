-- Who began the manuscript that an article was, the id of a person; empty if it was none. A list
-- that is narrowed by more than one thing is read by one of these, which have all of them, so that
-- what is not in it is passed over without being read.
ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT '';
UPDATE articles SET author = (SELECT MIN(m.by_person) FROM manuscripts m WHERE m.article = articles.id AND m.kind = 'new' AND m.state = 'released')
    WHERE id IN (SELECT article FROM manuscripts WHERE kind = 'new' AND state = 'released');
CREATE INDEX articles_of_author ON articles (author, published, id, section, state, language, kind) WHERE author <> '';
DROP INDEX articles_of_kind;
CREATE INDEX articles_of_kind ON articles (kind, published, id, section, state, language) WHERE kind <> '';
DROP INDEX articles_of_section;
CREATE INDEX articles_of_section ON articles (section, published, id, state, language);

DROP INDEX manuscripts_became;
DROP INDEX manuscripts_person;
CREATE INDEX manuscripts_person ON manuscripts (by_person, state, changed, id, section, language, article_kind);
DROP INDEX manuscripts_kind;
CREATE INDEX manuscripts_kind ON manuscripts (article_kind, state, changed, id, section, language) WHERE article_kind <> '';
DROP INDEX manuscripts_section;
CREATE INDEX manuscripts_section ON manuscripts (section, state, changed, id, language);
