-- The numbers of what articles say take letters that look alike for the same now, and of
-- what is kept back there are those of each passage: see the package fingerprint. All are
-- made anew.
DELETE FROM fingerprints;
DELETE FROM shingles;
