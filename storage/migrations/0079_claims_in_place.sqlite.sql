-- A row is changed where it is: see the other engine's.
UPDATE log_head SET seq = seq WHERE id = 0;
