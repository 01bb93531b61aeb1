-- Topics of tags.

--   tag  what falls under the source: what is filed under this tag, of all
--        sections ('': no tag). Its section is -1, in which nothing is.
ALTER TABLE heads ADD COLUMN tag TEXT NOT NULL DEFAULT '';
DROP INDEX heads_scope;
CREATE INDEX heads_scope ON heads (kind, section, language, tag);
