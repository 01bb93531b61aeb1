-- Subscribers to feeds (WebSub). Each is a destination of the kind callback,
-- whose source is a topic.

--   topic    the address that was subscribed to
--   secret   signs what is sent; '' signs nothing
--   expires  when the lease ends
CREATE TABLE subscriptions (
    destination BIGINT PRIMARY KEY REFERENCES destinations (id),
    topic       TEXT   NOT NULL,
    secret      TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    expires     BIGINT NOT NULL
);
CREATE INDEX subscriptions_expires ON subscriptions (expires);
CREATE INDEX destinations_callbacks ON destinations (host) WHERE kind = 'callback';
