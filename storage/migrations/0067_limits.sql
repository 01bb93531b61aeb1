-- Who alone may read an article that is not public yet is looked up with each list of articles.
CREATE INDEX manuscripts_named ON manuscripts (article) WHERE named <> '[]';
CREATE INDEX manuscripts_assigned ON manuscripts (assigned) WHERE assigned <> '';

-- How many persons it takes, section by section; where a section has none, that above it holds.
--   act       release (to publish or correct), withdrawal
--   persons   1 or 2; 0 is as above
--   since     when that was agreed to: what was begun before takes what it took then
--   asked     what somebody asks for that takes another's agreement, or -1
--   asked_by  a person's id
CREATE TABLE release_rules (
    section  BIGINT NOT NULL,
    act      TEXT   NOT NULL,
    persons  BIGINT NOT NULL,
    since    BIGINT NOT NULL,
    asked    BIGINT NOT NULL,
    asked_by TEXT   NOT NULL,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (section, act)
);
