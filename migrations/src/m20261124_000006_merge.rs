//! What stories refer to, as staff work on it: who changed it, what is in the archive, what became of what was merged,
//! and the paths that lead to a story.

crate::sql_migration!(
    "
-- Archived entities are left out where staff choose; what refers to them goes on doing so.
ALTER TABLE entity ADD COLUMN archived_at bigint;
-- The name of who changed it last.
ALTER TABLE entity ADD COLUMN updated_by text;
-- What staff find it by: names, slugs, texts, in lower case. Older rows are found by their whole document until saved.
ALTER TABLE entity ADD COLUMN search_text text NOT NULL DEFAULT '';
UPDATE entity SET search_text = lower(doc);

-- What was merged is an address, too: kind 'merged', its former id as the slug, the survivor as the target.

-- Paths of a former site, or made up by an editor, that lead to a story: live while the story is.
CREATE TABLE redirect (
  path {key} PRIMARY KEY,
  article_id uuid NOT NULL REFERENCES article (id),
  -- Nothing for those that are older than this table.
  created_at bigint,
  -- The name of who made it.
  created_by text
);
CREATE INDEX redirect_by_article ON redirect (article_id);
INSERT INTO redirect (path, article_id)
  SELECT address, target_id FROM live_address WHERE kind = 'path' AND target_id IN (SELECT id FROM article);
",
    "
DROP TABLE redirect;
ALTER TABLE entity DROP COLUMN search_text;
ALTER TABLE entity DROP COLUMN updated_by;
ALTER TABLE entity DROP COLUMN archived_at;
"
);
