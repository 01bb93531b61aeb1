-- Drafts that may be public before the original of their set, because somebody has said
-- so. The original is the article by which the set is called (translation_group).
ALTER TABLE articles ADD COLUMN alone BIGINT NOT NULL DEFAULT 0;

-- What has an earlier date of its own, or goes out although its original is gone, was
-- released alone.
UPDATE articles SET alone = 1
  WHERE state = 'embargoed' AND id <> translation_group AND inherits = 0 AND held = 0
    AND EXISTS (SELECT 1 FROM articles o WHERE o.id = articles.translation_group
      AND (o.state IN ('withdrawn', 'cancelled') OR o.state = 'embargoed' AND o.published > articles.published));

-- What was put under the embargo of a translation that was released alone, or of one
-- that is gone, is under that of the original, or held as other drafts of the set are.
UPDATE articles SET held = 1
  WHERE state = 'embargoed' AND id <> translation_group AND inherits = 1
    AND EXISTS (SELECT 1 FROM articles o WHERE o.id = articles.translation_group AND o.state IN ('withdrawn', 'cancelled'));
UPDATE articles SET
    precision_of_date = (SELECT o.precision_of_date FROM articles o WHERE o.id = articles.translation_group),
    local = (SELECT o.local FROM articles o WHERE o.id = articles.translation_group),
    published = (SELECT o.published FROM articles o WHERE o.id = articles.translation_group)
  WHERE state = 'embargoed' AND id <> translation_group AND inherits = 1
    AND EXISTS (SELECT 1 FROM articles o WHERE o.id = articles.translation_group AND o.state = 'embargoed' AND o.published > articles.published);
UPDATE revisions SET updated = (SELECT a.published FROM articles a WHERE a.id = revisions.article)
  WHERE EXISTS (SELECT 1 FROM articles a WHERE a.id = revisions.article AND a.state = 'embargoed' AND a.inherits = 1);
