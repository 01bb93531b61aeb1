-- The terms of each document, made by storage/terms: they are ASCII letters and
-- digits in lower case and anything beyond ASCII, which is what this tokenizer
-- takes for a word. The texts are not kept here a second time (content='').
--   filed  what is filtered by: language and section
CREATE VIRTUAL TABLE search_terms USING fts5 (
    title, lead, tags, body, filed,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);
