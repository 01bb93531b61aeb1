-- Passkeys by which people sign in (WebAuthn).
--   id          of the credential, in base64url
--   rp          the host that it is bound to, for ever: that of the first one is all others'
--   credential  its public key and counter, JSON
--   used        when it last was; 0 if it was not
CREATE TABLE passkeys (
    id         TEXT   PRIMARY KEY,
    person     TEXT   NOT NULL REFERENCES people (id),
    rp         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    credential TEXT   NOT NULL,
    added      BIGINT NOT NULL,
    used       BIGINT NOT NULL
);
CREATE INDEX passkeys_person ON passkeys (person);
