-- Words are split into terms in another way: see the same step of the embedded engine.
DELETE FROM search_terms;
DELETE FROM search_documents;
DELETE FROM search_backlog;
INSERT INTO search_backlog (id, published, article)
    SELECT 1, 4611686018427387904, '~' WHERE EXISTS (SELECT 1 FROM articles WHERE state = 'published');
