-- What the manuscript is to become that an alarm is about: an article, a correction, a withdrawal.
ALTER TABLE alarms ADD COLUMN about TEXT NOT NULL DEFAULT '';
UPDATE alarms SET about = COALESCE((SELECT m.kind FROM manuscripts m WHERE m.id = alarms.subject), '') WHERE kind = 'unapproved';

-- The date of a manuscript as it was written, if no zone was: the rules of the zone may change until then.
ALTER TABLE manuscripts ADD COLUMN local TEXT NOT NULL DEFAULT '';
CREATE INDEX manuscripts_local ON manuscripts (state, instant, id) WHERE local <> '' AND instant <> 0;
