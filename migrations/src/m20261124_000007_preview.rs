//! Links to what is not published yet.

crate::sql_migration!(
    "
-- SHA-256 of the token, and what whoever has the token sees: a variant as it would be published, and what it refers to.
CREATE TABLE preview (
  hash {key} PRIMARY KEY,
  variant_id uuid NOT NULL REFERENCES variant (id),
  doc text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
) {clustered};
CREATE INDEX preview_by_variant ON preview (variant_id);
CREATE INDEX preview_by_expiry ON preview (expires_at);
",
    "
DROP TABLE preview;
"
);
