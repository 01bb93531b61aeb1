-- What programs of two versions need that serve one database together while they are
-- replaced one after the other.
--   version  the schema that a program must know at least to work on this database, though
--            the database may have later steps
CREATE TABLE schema_oldest (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO schema_oldest (id, version) VALUES (1, 53);

--   schema   the last step that the program knows
ALTER TABLE replicas ADD COLUMN schema BIGINT NOT NULL DEFAULT 0;

-- Activities as they were rendered first. Whoever sends one, of whichever version and
-- configuration, sends that: no id has two bodies.
--   actor    the id of the one who says it
--   verb     and the number of the entry: which activity it is
CREATE TABLE bodies (
    actor TEXT   NOT NULL,
    verb  TEXT   NOT NULL,
    seq   BIGINT NOT NULL,
    body  TEXT   NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (actor, verb, seq)
);
CREATE INDEX bodies_at ON bodies (at);
