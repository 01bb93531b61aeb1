-- When a place that has or had an article last had to tell its readers of a correction
-- with a note, or that the article left it; 0 if never. Its feeds carry such an article
-- for a while beside the newest ones, or whoever got it there would keep the old text.
ALTER TABLE positions ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
UPDATE positions SET told = COALESCE((SELECT MAX(e.at) FROM entries e
    WHERE e.article = positions.article AND e.kind = 'corrected' AND e.minor = 0), 0) WHERE withdrawn = 0;
CREATE INDEX positions_told ON positions (section, language, told) WHERE told > 0;

ALTER TABLE tag_articles ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
UPDATE tag_articles SET told = COALESCE((SELECT MAX(e.at) FROM entries e
    WHERE e.article = tag_articles.article AND e.kind = 'corrected' AND e.minor = 0), 0) WHERE withdrawn = 0;
CREATE INDEX tag_articles_told ON tag_articles (tag, language, told) WHERE told > 0;
