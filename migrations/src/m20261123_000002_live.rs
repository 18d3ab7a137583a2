//! Delivery: what is published, and nothing else. Readers reach only these tables.

crate::sql_migration!(
    "
-- One row per published variant. `card` is all that a list needs, `body` the story; the columns are what it is found by.
CREATE TABLE live_variant (
  id uuid PRIMARY KEY,
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  lead_image_id uuid,
  published_at bigint NOT NULL,
  modified_at bigint NOT NULL,
  card text NOT NULL,
  search_text text NOT NULL,
  body text NOT NULL,
  UNIQUE (article_id, language)
);
CREATE INDEX live_variant_by_published ON live_variant (language, published_at, article_id);
CREATE INDEX live_variant_by_modified ON live_variant (language, modified_at, article_id);

-- Lists by tag, author, section (a row for each section above, too) and kind: narrow, and in order.
CREATE TABLE live_facet (
  facet_id uuid NOT NULL,
  language {key} NOT NULL,
  article_id uuid NOT NULL,
  direct boolean NOT NULL,
  published_at bigint NOT NULL,
  modified_at bigint NOT NULL,
  PRIMARY KEY (facet_id, language, article_id)
) {clustered};
CREATE INDEX live_facet_by_published ON live_facet (facet_id, language, published_at, article_id);
CREATE INDEX live_facet_by_modified ON live_facet (facet_id, language, modified_at, article_id);
CREATE INDEX live_facet_by_article ON live_facet (article_id, language);

-- What published articles refer to, as readers see it. A row appears with the first reference and goes with the last.
CREATE TABLE live_entity (
  id uuid PRIMARY KEY,
  kind {key} NOT NULL,
  subkind {key} NOT NULL,
  sort_key {key} NOT NULL,
  doc text NOT NULL
);
CREATE INDEX live_entity_by_kind ON live_entity (kind, sort_key, id);

CREATE TABLE live_reference (
  entity_id uuid NOT NULL,
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  PRIMARY KEY (entity_id, article_id, language)
) {clustered};
CREATE INDEX live_reference_by_article ON live_reference (article_id, language);

-- How readers address things. `scope` is a language for slugs, a system for external ids, empty otherwise.
CREATE TABLE live_address (
  kind {key} NOT NULL,
  scope {key} NOT NULL,
  address {key} NOT NULL,
  target_id uuid NOT NULL,
  PRIMARY KEY (kind, scope, address)
) {clustered};
CREATE INDEX live_address_by_target ON live_address (target_id);

CREATE TABLE live_collection_item (
  collection_id uuid NOT NULL,
  language {key} NOT NULL,
  place bigint NOT NULL,
  article_id uuid NOT NULL,
  PRIMARY KEY (collection_id, language, place, article_id)
) {clustered};
CREATE INDEX live_collection_item_by_article ON live_collection_item (article_id);

-- What readers saw once and are told is gone.
CREATE TABLE live_tombstone (
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  withdrawn_at bigint NOT NULL,
  PRIMARY KEY (article_id, language)
) {clustered};
",
    "
DROP TABLE live_tombstone;
DROP TABLE live_collection_item;
DROP TABLE live_address;
DROP TABLE live_reference;
DROP TABLE live_entity;
DROP TABLE live_facet;
DROP TABLE live_variant;
"
);
