-- What an article names as that which it translates: of its set, that one need not be the
-- original. Of what was filed before it is not known.
ALTER TABLE articles ADD COLUMN translates TEXT NOT NULL DEFAULT '';
