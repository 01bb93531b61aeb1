-- Releases, corrections and withdrawals as readers see them: when the page and the feed showed
-- them at the site's public address, and the report of each.
--   seq         the entry of the log
--   next        when it is looked for next; 0 is never again
--   looks       how many times it was, the one under way among them
--   page, feed  when it was seen there; 0 if it was not
--   page_fault, feed_fault  why it was not, the last time
--   keep        when the report is written down next; 0 is never again
--   kept        when it was the last time
--   report      what was written down, a JSON object; empty if nothing was
CREATE TABLE sightings (
    seq        BIGINT PRIMARY KEY,
    next       BIGINT NOT NULL,
    looks      BIGINT NOT NULL,
    page       BIGINT NOT NULL,
    page_fault TEXT   NOT NULL,
    feed       BIGINT NOT NULL,
    feed_fault TEXT   NOT NULL,
    keep       BIGINT NOT NULL,
    kept       BIGINT NOT NULL,
    report     TEXT   NOT NULL
);
CREATE INDEX sightings_next ON sightings (next) WHERE next <> 0;
CREATE INDEX sightings_keep ON sightings (keep) WHERE keep <> 0;
