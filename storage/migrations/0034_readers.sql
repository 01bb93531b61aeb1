-- Which generation of the importer has read an article's page: what an earlier one has
-- read of the same page is compared with more patience.
ALTER TABLE articles ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;
