//! The change log, from which everything that reacts to a change learns of it, and the audit of who did what.

crate::sql_migration!(
    "
CREATE TABLE event (
  id {serial},
  kind {key} NOT NULL,
  article_id uuid,
  language {key},
  revision_id uuid,
  at bigint NOT NULL,
  payload text NOT NULL
);
CREATE INDEX event_by_article ON event (article_id, id);

CREATE TABLE audit (
  id {serial},
  at bigint NOT NULL,
  actor text NOT NULL,
  action {key} NOT NULL,
  target_id uuid NOT NULL,
  detail text NOT NULL
);
CREATE INDEX audit_by_target ON audit (target_id, id);
",
    "
DROP TABLE audit;
DROP TABLE event;
"
);
