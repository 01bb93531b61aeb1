-- In which zone somebody is shown when things happen, beside that of the ministry: a name of the
-- IANA's database; empty is none of their own.
ALTER TABLE people ADD COLUMN zone TEXT NOT NULL DEFAULT '';

-- What lists say of manuscripts, as the newest document says it.
--   article_kind  the kind of article; empty if it is of none
--   translates    the article that it translates; empty if it translates none
--   lacks         what it lacks, a JSON list of words
ALTER TABLE manuscripts ADD COLUMN article_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE manuscripts ADD COLUMN translates TEXT NOT NULL DEFAULT '';
ALTER TABLE manuscripts ADD COLUMN lacks TEXT NOT NULL DEFAULT '[]';

-- A list is read by one of these, in the order in which it is shown.
CREATE INDEX manuscripts_person ON manuscripts (by_person, state, changed, id);
CREATE INDEX manuscripts_section ON manuscripts (section, state, changed, id);
CREATE INDEX manuscripts_language ON manuscripts (language, state, changed, id);
CREATE INDEX manuscripts_kind ON manuscripts (article_kind, state, changed, id) WHERE article_kind <> '';
DROP INDEX manuscripts_assigned;
CREATE INDEX manuscripts_assigned ON manuscripts (assigned, state, changed, id) WHERE assigned <> '';
-- What comes to its instant is looked for every two seconds.
CREATE INDEX manuscripts_instant ON manuscripts (state, instant, id) WHERE instant <> 0;
CREATE INDEX manuscripts_translates ON manuscripts (translates) WHERE translates <> '';
-- Whose articles are listed.
CREATE INDEX manuscripts_became ON manuscripts (by_person, article);
