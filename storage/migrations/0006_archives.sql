-- What aggregators that want everything read: archives, deltas, addresses
-- that last.

-- The order in which articles joined a section (itself, not what it shows
-- today): a counter of its own per section and language. A row stays when its
-- article is withdrawn or moves away.
--   joined     the entry by which the article came here
--   changed    the newest entry that changed what stands here
--   withdrawn  when the article was withdrawn, or 0
CREATE TABLE positions (
    section   BIGINT NOT NULL,
    language  TEXT   NOT NULL,
    position  BIGINT NOT NULL,
    article   TEXT   NOT NULL,
    joined    BIGINT NOT NULL,
    changed   BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (section, language, position)
);

-- Those that are there already have joined in the order of their dates.
INSERT INTO positions (section, language, position, article, joined, changed, withdrawn)
SELECT sa.ancestor, a.language,
    ROW_NUMBER() OVER (PARTITION BY sa.ancestor, a.language ORDER BY a.published, a.id),
    a.id, a.changed, a.changed, a.withdrawn_at
FROM articles a JOIN section_ancestors sa ON sa.section = a.section
WHERE a.state IN ('published', 'withdrawn');

CREATE UNIQUE INDEX positions_article ON positions (article, section, language);
CREATE INDEX positions_changed ON positions (section, language, changed);
CREATE INDEX positions_withdrawn ON positions (section, language, withdrawn) WHERE withdrawn > 0;

-- Where sections were; each old address leads to one section for ever.
CREATE TABLE section_aliases (
    path    TEXT   PRIMARY KEY,
    section BIGINT NOT NULL REFERENCES sections (id)
);

--   closed   when, or 0
--   instead  the sections that are named in its place, a JSON list of ids
ALTER TABLE sections ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN instead TEXT NOT NULL DEFAULT '[]';

-- The last entry that changed the name or the address of a section, which
-- stand in every archive document.
ALTER TABLE log_head ADD COLUMN names BIGINT NOT NULL DEFAULT 0;
UPDATE log_head SET names = tree;
