//! What feeds tell of withdrawn stories: which variant it was, and on which lists it stood.

crate::sql_migration!(
    "
-- Null only where a language was withdrawn that readers never saw.
ALTER TABLE live_tombstone ADD COLUMN variant_id uuid;
UPDATE live_tombstone SET variant_id = (
  SELECT v.id FROM variant v WHERE v.article_id = live_tombstone.article_id AND v.language = live_tombstone.language
);
CREATE INDEX live_tombstone_by_time ON live_tombstone (language, withdrawn_at);

-- The tags, authors, sections and collections that a withdrawn variant was listed under.
CREATE TABLE live_tombstone_facet (
  facet_id uuid NOT NULL,
  language {key} NOT NULL,
  article_id uuid NOT NULL,
  PRIMARY KEY (facet_id, language, article_id)
) {clustered};
CREATE INDEX live_tombstone_facet_by_article ON live_tombstone_facet (article_id, language);
",
    "
DROP TABLE live_tombstone_facet;
DROP INDEX live_tombstone_by_time;
ALTER TABLE live_tombstone DROP COLUMN variant_id;
"
);
