-- The hosts that want another signature scheme than the usual one, and when
-- that was found out.
CREATE TABLE host_schemes (
    host    TEXT   PRIMARY KEY,
    scheme  TEXT   NOT NULL,
    learned BIGINT NOT NULL
);
CREATE INDEX host_schemes_learned ON host_schemes (learned, host);
