-- What waits for one recipient is counted, and forgotten when he is blocked.
CREATE INDEX directed_recipient ON directed (recipient, source, created, id);
