-- The handle of each follower, as his server named him when he came: empty of
-- those who came before this was kept.

ALTER TABLE followers ADD COLUMN handle TEXT NOT NULL DEFAULT '';
