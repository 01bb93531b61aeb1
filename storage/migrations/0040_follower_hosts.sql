-- Which followers are of one server, and what that server can compare with its own
-- list of them.
--   host       of the follower's id
--   followers  how many of a source's followers are of the host
--   size       bytes of their ids
--   digest     the SHA-256 of each of their ids, combined by exclusive or, in hex
ALTER TABLE followers ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX followers_host ON followers (source, host, actor);
CREATE TABLE follower_hosts (
    source    TEXT   NOT NULL,
    host      TEXT   NOT NULL,
    followers BIGINT NOT NULL,
    size      BIGINT NOT NULL,
    digest    TEXT   NOT NULL,
    PRIMARY KEY (source, host)
);
-- What was restored from a backup may lack followers who came after that was made.
INSERT INTO facts (name, value) SELECT 'followers_incomplete', '1' FROM facts WHERE name = 'restored';
