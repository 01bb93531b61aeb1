-- What a second person has yet to agree to of somebody.
--   asked_by   id of who has asked last; empty: it was done on the machine
--   linked_by  id of who was shown the link of their last invitation; empty as above
--   reason     why rights hold already that nobody has agreed to; empty: none do
CREATE TABLE agreements (
    person    TEXT   PRIMARY KEY REFERENCES people (id),
    asked_by  TEXT   NOT NULL,
    linked_by TEXT   NOT NULL,
    asked     BIGINT NOT NULL,
    reason    TEXT   NOT NULL
);

-- What they may do once a second person has agreed, as in grants.
CREATE TABLE asked_grants (
    person   TEXT   NOT NULL REFERENCES people (id),
    role     TEXT   NOT NULL,
    section  BIGINT NOT NULL,
    language TEXT   NOT NULL,
    PRIMARY KEY (person, role, section, language)
);
