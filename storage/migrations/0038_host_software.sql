-- What software a host says that it runs (NodeInfo), and when it was asked; the
-- name is empty if it did not say.
CREATE TABLE host_software (
    host    TEXT   PRIMARY KEY,
    name    TEXT   NOT NULL,
    version TEXT   NOT NULL,
    asked   BIGINT NOT NULL
);
