-- Which collections of accounts (starter packs) on other servers may list one of our
-- actors. One that was taken back stays, so that it is not given again.
CREATE TABLE features (
    token      TEXT   PRIMARY KEY,
    source     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    inbox      TEXT   NOT NULL,
    granted    BIGINT NOT NULL,
    revoked    BIGINT NOT NULL DEFAULT 0,
    UNIQUE (source, collection)
);
CREATE INDEX features_actor ON features (actor);
