-- Words are split into terms in another way: figures, raised and lowered ones are
-- terms of their own, so that H₂O is found as H2O, and 10⁶ not as 106. What is public
-- is taken in anew, the newest first.
INSERT INTO search_terms (search_terms) VALUES ('delete-all');
DELETE FROM search_documents;
DELETE FROM search_backlog;
INSERT INTO search_backlog (id, published, article)
    SELECT 1, 4611686018427387904, '~' WHERE EXISTS (SELECT 1 FROM articles WHERE state = 'published');
