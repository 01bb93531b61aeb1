-- A claim changes nothing that an index has, and with room on the page it needs no entry in
-- any: each destination leaves half as many behind it. Nothing of that is cleared away while
-- a snapshot is open, as pg_dump has one for long, and each later claim and settlement looks
-- through it.
ALTER TABLE destinations SET (fillfactor = 50);
