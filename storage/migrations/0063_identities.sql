-- Who people are to providers of identities (OpenID Connect). What a provider said of somebody
-- who was removed stays, so that they do not come back by it.
CREATE TABLE identities (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    person  TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_person ON identities (person);
