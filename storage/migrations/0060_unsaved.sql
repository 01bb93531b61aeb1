-- What people have typed and not saved, form by form: two windows of one person are two forms,
-- and what is not begun yet has no manuscript. Nothing was kept in the table of before.
--   form        a random name that the form was given
--   manuscript  empty of something new
DROP TABLE unsaved;
CREATE TABLE unsaved (
    person     TEXT   NOT NULL,
    form       TEXT   NOT NULL,
    manuscript TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    document   BYTEA  NOT NULL,
    PRIMARY KEY (person, form)
);
CREATE INDEX unsaved_manuscript ON unsaved (manuscript);
CREATE INDEX unsaved_at ON unsaved (at);
