-- When a following and a reaction were signed, as undone and unfollows say when
-- they were taken back: of two messages that overtake each other the later one
-- counts. 0 of those that came before this was kept.

ALTER TABLE followers ADD COLUMN signed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE interactions ADD COLUMN signed BIGINT NOT NULL DEFAULT 0;
