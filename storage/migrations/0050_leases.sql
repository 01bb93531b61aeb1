-- Several programs that serve one database on a server share the work by leases.
--   part        0 to 63: the deliveries to the hosts of a shard; from 64 on what one
--               of them does at a time (package storage, Task)
--   holder      the number of the replica; 0: none
--   generation  rises with each taking
--   until       when it is over by the database's clock, in microseconds; 0: it is free
CREATE TABLE leases (
    part       BIGINT PRIMARY KEY,
    holder     BIGINT NOT NULL DEFAULT 0,
    generation BIGINT NOT NULL DEFAULT 0,
    until      BIGINT NOT NULL DEFAULT 0
);
WITH RECURSIVE parts(part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 66)
INSERT INTO leases (part) SELECT part FROM parts;

-- The programs that serve the database, or did a moment ago.
--   id       its number among the delivering processes, by which it claims
--   name     of the machine and the process, that no other has
--   version  of the program
--   since    when it began
--   until    when it is taken for dead if it says nothing; 0: it ends
CREATE TABLE replicas (
    id      BIGINT PRIMARY KEY,
    name    TEXT   NOT NULL UNIQUE,
    version TEXT   NOT NULL,
    since   BIGINT NOT NULL,
    until   BIGINT NOT NULL
);

-- The part of the delivery work that a message belongs to, as destinations have it.
ALTER TABLE directed ADD COLUMN shard BIGINT NOT NULL DEFAULT 0;
