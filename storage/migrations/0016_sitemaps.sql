-- The parts of the sitemap: stretches of the root's positions in a language
-- (storage/newsdesk/sitemap.go), with the newest entry that changed what a part says, so
-- that a million articles need not be read to tell.
CREATE TABLE sitemap_parts (
    language TEXT   NOT NULL,
    number   BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (language, number)
);

INSERT INTO sitemap_parts (language, number, seq, at)
SELECT p.language, (p.position - 1) / 5000 + 1, MAX(a.changed), 0
FROM positions p JOIN articles a ON a.id = p.article
WHERE p.section = 0 GROUP BY p.language, (p.position - 1) / 5000 + 1;

UPDATE sitemap_parts SET at = COALESCE((SELECT e.at FROM entries e WHERE e.seq = sitemap_parts.seq), 0);
