-- A document that is filed twice is found by its digest.
CREATE INDEX articles_digest ON articles (digest);
