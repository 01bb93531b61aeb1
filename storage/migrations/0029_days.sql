-- Days are days, whatever zone the site is in.
--
--   published  of what is dated to the day, the first instant of that day in the zone
--              of the site, which lists are in the order of: it follows that zone
--   local      the date as it was written without a zone: a day if
--              precision_of_date is day. fill_days.go finds the days of what is there
--   stamp      what published was when the article went out, if it has moved since,
--              or 0: servers of the fediverse refuse a post whose date changes
ALTER TABLE articles ADD COLUMN local TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
