-- What somebody on duty has to know of. Each is raised once.
--   kind, subject, step, instant   what it is about, and of which of several moments it tells
--   person        who has caused it, a person's id; may be empty
--   remark        what they say of it, for people of the desk; may be empty
--   acknowledged  when somebody said that they know, and who: a person's id; else 0
--   ended         when it was so no longer; else 0
--   written       how many times somebody was to be written to
--   next          when somebody is written to next; 0 is never
CREATE TABLE alarms (
    id           TEXT   PRIMARY KEY,
    kind         TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    step         TEXT   NOT NULL,
    instant      BIGINT NOT NULL,
    person       TEXT   NOT NULL,
    remark       TEXT   NOT NULL,
    raised       BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    by_person    TEXT   NOT NULL,
    ended        BIGINT NOT NULL,
    written      BIGINT NOT NULL,
    next         BIGINT NOT NULL
);
CREATE UNIQUE INDEX alarms_once ON alarms (kind, subject, step, instant);
CREATE INDEX alarms_open ON alarms (ended, raised, id);
CREATE INDEX alarms_subject ON alarms (subject);

-- What is sent of alarms by e-mail. The text is made when it is sent, and stands nowhere.
--   next   before then it is not tried: again, or by another server
--   sent   when the mail server took it; 0 before
--   fault  why it could not be sent at the last attempt
CREATE TABLE letters (
    id       TEXT   PRIMARY KEY,
    alarm    TEXT   NOT NULL REFERENCES alarms (id),
    address  TEXT   NOT NULL,
    made     BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next     BIGINT NOT NULL,
    sent     BIGINT NOT NULL,
    fault    TEXT   NOT NULL
);
CREATE INDEX letters_alarm ON letters (alarm);
CREATE INDEX letters_next ON letters (sent, next);
