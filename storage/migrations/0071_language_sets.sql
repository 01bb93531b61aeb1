-- Sets of languages: a text and its translations that go out together, or one after the other.
-- Of a manuscript:
--   language_set  the manuscript of the original of its set; empty of what is in none
--   together      1 if all of the set go out or none
ALTER TABLE manuscripts ADD COLUMN language_set TEXT NOT NULL DEFAULT '';
ALTER TABLE manuscripts ADD COLUMN together BIGINT NOT NULL DEFAULT 0;
CREATE INDEX manuscripts_of_set ON manuscripts (language_set) WHERE language_set <> '';

-- Of an article under embargo:
--   together  1 if it goes out with all others of its set that have this, or not at all
--   seal      the digest of what it said when that was said of it; it goes out by no other
ALTER TABLE articles ADD COLUMN together BIGINT NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN seal TEXT NOT NULL DEFAULT '';
