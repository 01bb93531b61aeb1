-- Why something was done without a second person, in the words of who did it. The audit has the
-- digest alone: its lines stay for good, and a cancelled draft leaves no word behind.
--   digest   SHA-256 of the text, as it stands in the facts of the line
--   subject  what it was done to, as in the line
CREATE TABLE reasons (
    digest  TEXT NOT NULL,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (subject, digest)
);
