//! The desk: what editors work on. Readers never reach these tables.

crate::sql_migration!(
    "
-- Authors, sections, tags, images and collections: one shape, because what they are called is one document.
CREATE TABLE entity (
  id uuid PRIMARY KEY,
  kind {key} NOT NULL,
  -- What a tag stands for; empty for the others.
  subkind {key} NOT NULL,
  sort_key {key} NOT NULL,
  doc text NOT NULL,
  version integer NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE INDEX entity_by_kind ON entity (kind, sort_key, id);

CREATE TABLE article (
  id uuid PRIMARY KEY,
  kind {key} NOT NULL,
  original_language {key} NOT NULL,
  section_id uuid REFERENCES entity (id),
  lead_image_id uuid REFERENCES entity (id),
  version integer NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE article_tag (
  article_id uuid NOT NULL REFERENCES article (id),
  position integer NOT NULL,
  tag_id uuid NOT NULL REFERENCES entity (id),
  PRIMARY KEY (article_id, position)
) {clustered};
CREATE INDEX article_tag_by_tag ON article_tag (tag_id);

CREATE TABLE article_byline (
  article_id uuid NOT NULL REFERENCES article (id),
  position integer NOT NULL,
  author_id uuid NOT NULL REFERENCES entity (id),
  role {key} NOT NULL,
  PRIMARY KEY (article_id, position)
) {clustered};
CREATE INDEX article_byline_by_author ON article_byline (author_id);

CREATE TABLE article_related (
  article_id uuid NOT NULL REFERENCES article (id),
  position integer NOT NULL,
  target_id uuid NOT NULL REFERENCES article (id),
  relation {key} NOT NULL,
  PRIMARY KEY (article_id, position)
) {clustered};

-- Where a story in one language stands. What it says is in its revisions.
CREATE TABLE variant (
  id uuid PRIMARY KEY,
  article_id uuid NOT NULL REFERENCES article (id),
  language {key} NOT NULL,
  state {key} NOT NULL,
  version integer NOT NULL,
  head_revision_id uuid NOT NULL,
  live_revision_id uuid,
  -- When this language was first published; kept when it is published again.
  published_at bigint,
  published_offset smallint,
  -- When what readers see of it last changed.
  modified_at bigint,
  modified_offset smallint,
  scheduled_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  UNIQUE (article_id, language)
);

-- Immutable. `content` is what the language says, `shared` what the article was when this was saved.
CREATE TABLE revision (
  id uuid PRIMARY KEY,
  variant_id uuid NOT NULL REFERENCES variant (id),
  number integer NOT NULL,
  content text NOT NULL,
  shared text NOT NULL,
  text_hash {key} NOT NULL,
  actor text NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (variant_id, number)
);

CREATE TABLE correction (
  id uuid PRIMARY KEY,
  variant_id uuid NOT NULL REFERENCES variant (id),
  at bigint NOT NULL,
  at_offset smallint NOT NULL,
  kind {key} NOT NULL,
  text text NOT NULL,
  signed text
);
CREATE INDEX correction_by_variant ON correction (variant_id, at);

CREATE TABLE collection_item (
  collection_id uuid NOT NULL REFERENCES entity (id),
  language {key} NOT NULL,
  position integer NOT NULL,
  article_id uuid NOT NULL REFERENCES article (id),
  PRIMARY KEY (collection_id, language, position)
) {clustered};

-- Slugs, taken for good: the newest of a target in a scope is current, older ones still lead to it.
CREATE TABLE address (
  kind {key} NOT NULL,
  scope {key} NOT NULL,
  slug {key} NOT NULL,
  target_id uuid NOT NULL,
  current boolean NOT NULL,
  PRIMARY KEY (kind, scope, slug)
) {clustered};
CREATE INDEX address_by_target ON address (target_id);

-- What something is called in the system that it was imported from, and what it looked like there last time.
CREATE TABLE external_id (
  system {key} NOT NULL,
  kind {key} NOT NULL,
  external_id {key} NOT NULL,
  target_id uuid NOT NULL,
  fingerprint {key} NOT NULL,
  PRIMARY KEY (system, kind, external_id)
) {clustered};
CREATE INDEX external_id_by_target ON external_id (target_id);
",
    "
DROP TABLE external_id;
DROP TABLE address;
DROP TABLE collection_item;
DROP TABLE correction;
DROP TABLE revision;
DROP TABLE variant;
DROP TABLE article_related;
DROP TABLE article_byline;
DROP TABLE article_tag;
DROP TABLE article;
DROP TABLE entity;
"
);
