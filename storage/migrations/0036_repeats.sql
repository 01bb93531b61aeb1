-- Updates that are sent once more: a receiver that works off two at the same time may
-- have kept the older text.
--   entry  whose Update is repeated; 0 of a message that is said once
ALTER TABLE directed ADD COLUMN entry BIGINT NOT NULL DEFAULT 0;
