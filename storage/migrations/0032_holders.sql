-- Up to which entry of the log a server may hold anything of ours, whether or not it
-- was delivered there: it follows an actor with pinned articles, which it reads at
-- once, or has fetched, liked, shared, answered, quoted or reported something. What is
-- said later of an article from before goes there, and nothing else does. held_from is
-- where that began: what was said earlier was not for it.
ALTER TABLE destinations ADD COLUMN holds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN held_from BIGINT NOT NULL DEFAULT 0;
-- Those that nobody follows from are bounded: strangers make them.
CREATE INDEX destinations_holders ON destinations (holds) WHERE holds > 0 AND followers = 0;
UPDATE destinations SET holds = (SELECT seq FROM log_head WHERE id = 1), held_from = (SELECT seq FROM log_head WHERE id = 1)
    WHERE kind = 'inbox' AND source IN (SELECT source FROM heads WHERE kind = 'author')
    AND EXISTS (SELECT 1 FROM pins p JOIN articles a ON a.id = p.article WHERE a.state = 'published');
