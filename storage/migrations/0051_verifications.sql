-- Requests of the hub that their subscribers have to confirm (WebSub). They are asked by
-- whichever server has the task, also after another one has died.
--   id        that no other has, or had
--   mode      subscribe or unsubscribe
--   topic     the address of the feed, as the subscriber wrote it
--   host      of the callback
--   lease     as granted, in seconds
--   asked     the head of the log when the request came
--   at        when that was
CREATE TABLE verifications (
    id       TEXT   PRIMARY KEY,
    mode     TEXT   NOT NULL,
    topic    TEXT   NOT NULL,
    callback TEXT   NOT NULL,
    host     TEXT   NOT NULL,
    secret   TEXT   NOT NULL,
    lease    BIGINT NOT NULL,
    asked    BIGINT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX verifications_host ON verifications (host);

-- Callbacks that did not confirm, by the registrable domain of their host.
CREATE TABLE unconfirmed (
    callback TEXT   PRIMARY KEY,
    domain   TEXT   NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX unconfirmed_domain ON unconfirmed (domain);
CREATE INDEX unconfirmed_at ON unconfirmed (at);

-- The task of asking them.
INSERT INTO leases (part) VALUES (67);
