-- What a press release has beside its text.
--   kind              a word, such as press-release; empty if it is of none
--   contacts, notes_to_editors   JSON lists
ALTER TABLE revisions ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN contacts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE revisions ADD COLUMN notes_to_editors TEXT NOT NULL DEFAULT '[]';

-- What a section shows of one kind is read by this index, like what it shows of all.
ALTER TABLE section_articles ADD COLUMN kind TEXT NOT NULL DEFAULT '';
CREATE INDEX section_articles_kind ON section_articles (section, language, kind, published, article) WHERE kind <> '';

-- What the desk lists of one state, language, section or kind, the newest first.
ALTER TABLE articles ADD COLUMN kind TEXT NOT NULL DEFAULT '';
CREATE INDEX articles_of_state ON articles (state, published, id);
CREATE INDEX articles_of_language ON articles (language, published, id);
CREATE INDEX articles_of_section ON articles (section, published, id);
CREATE INDEX articles_of_kind ON articles (kind, published, id) WHERE kind <> '';
