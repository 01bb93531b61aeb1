-- Whether nobody has said since a backup was put back that somebody still works here, with these
-- roles: 1 until then. They can do nothing meanwhile.
ALTER TABLE people ADD COLUMN doubted BIGINT NOT NULL DEFAULT 0;
