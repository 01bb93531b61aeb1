-- An article is found in the lists of its sections by its date: an index by its
-- random id cost more than the lists themselves when a section with a million
-- articles moved.
DROP INDEX section_articles_article;
