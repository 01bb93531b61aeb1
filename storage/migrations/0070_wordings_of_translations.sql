-- Which translations are older than what they translate.
--   worded  counts what the article has said: 1, and one more for each correction by which it
--           says something else
--   agrees  of a translation: how many the original of its set (translation_group) had
--           counted when they were last held against each other
-- What was filed before counts as agreeing: nobody knows better.
ALTER TABLE articles ADD COLUMN worded BIGINT NOT NULL DEFAULT 1;
ALTER TABLE articles ADD COLUMN agrees BIGINT NOT NULL DEFAULT 1;
