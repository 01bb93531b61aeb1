-- What sections were called, and where: a document that names one as it was called in the
-- past means the same section. Each place and name leads to the last one that had it.
CREATE TABLE section_places (
    parent  BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    section BIGINT NOT NULL REFERENCES sections (id),
    PRIMARY KEY (parent, name)
);

-- Of those that were moved before, the names of today stand for those that they had.
INSERT INTO section_places (parent, name, section)
  SELECT p.id, n.name, MAX(a.section)
  FROM section_aliases a
  JOIN sections p ON p.path = rtrim(rtrim(a.path, replace(a.path, '/', '')), '/')
  JOIN section_names n ON n.section = a.section
  GROUP BY p.id, n.name;
INSERT INTO section_places (parent, name, section)
  SELECT 0, n.name, MAX(a.section)
  FROM section_aliases a
  JOIN section_names n ON n.section = a.section
  WHERE a.path NOT LIKE '%/%'
  GROUP BY n.name;
