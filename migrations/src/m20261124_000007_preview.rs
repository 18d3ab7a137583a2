//! Links to what is not published yet, and how old remembered requests are.

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

CREATE INDEX idempotency_by_age ON idempotency (at);
",
    "
DROP INDEX idempotency_by_age;
DROP TABLE preview;
"
);
