//! Working on stories: whose they are, what is planned for them, who is on them, and a complete audit.

crate::sql_migration!(
    "
-- Who began the story; nothing for what was imported.
ALTER TABLE article ADD COLUMN created_by uuid;
-- Archived stories are left out of the desk's lists; nothing of them may be published.
ALTER TABLE article ADD COLUMN archived_at bigint;

ALTER TABLE variant ADD COLUMN created_by uuid;
-- The name of who changed it last.
ALTER TABLE variant ADD COLUMN updated_by text;
-- When it is to be withdrawn.
ALTER TABLE variant ADD COLUMN withdraw_at bigint;
-- Not visible before, whoever asks.
ALTER TABLE variant ADD COLUMN embargo_until bigint;
-- What the editor wrote who gave it back, or why it was withdrawn.
ALTER TABLE variant ADD COLUMN note text;
-- Who is working on it, as far as they said so, and until when that holds. A courtesy: the version is the safety.
ALTER TABLE variant ADD COLUMN held_by text;
ALTER TABLE variant ADD COLUMN held_until bigint;
-- Hashes of the newest text, of the text that readers see, and of the source's text that a translation was made from:
-- a translation is stale where the last differs from what its source says.
ALTER TABLE variant ADD COLUMN head_hash text;
ALTER TABLE variant ADD COLUMN live_hash text;
ALTER TABLE variant ADD COLUMN source_language text;
ALTER TABLE variant ADD COLUMN source_hash text;
CREATE INDEX variant_by_language ON variant (language, article_id);
CREATE INDEX variant_by_schedule ON variant (scheduled_at, id) WHERE state = 'SCHEDULED';
CREATE INDEX variant_by_withdrawal ON variant (withdraw_at, id) WHERE state = 'PUBLISHED' AND withdraw_at IS NOT NULL;
CREATE INDEX variant_by_state ON variant (state, updated_at, id);

-- Whether it was saved by itself while somebody typed: the next one of the same person takes its place.
ALTER TABLE revision ADD COLUMN autosaved boolean NOT NULL DEFAULT false;
-- The name that the actor had then.
ALTER TABLE revision ADD COLUMN actor_name text;
-- Published once, or translated or previewed: kept for ever.
ALTER TABLE revision ADD COLUMN published boolean NOT NULL DEFAULT false;

-- The correction of another language that this one carries over.
ALTER TABLE correction ADD COLUMN carries_id uuid;

-- Corrections of other languages that a variant needs not carry.
CREATE TABLE correction_dismissed (
  variant_id uuid NOT NULL REFERENCES variant (id),
  correction_id uuid NOT NULL REFERENCES correction (id),
  PRIMARY KEY (variant_id, correction_id)
) {clustered};

ALTER TABLE audit ADD COLUMN actor_name text;
ALTER TABLE audit ADD COLUMN address text;
ALTER TABLE audit ADD COLUMN client text;
ALTER TABLE audit ADD COLUMN before_revision_id uuid;
ALTER TABLE audit ADD COLUMN after_revision_id uuid;
CREATE INDEX audit_by_actor ON audit (actor, id);

-- Answers to mutations that carried an idempotency key, for as long as a retry is likely.
CREATE TABLE idempotency (
  actor {key} NOT NULL,
  idempotency_key {key} NOT NULL,
  request_hash {key} NOT NULL,
  response text,
  at bigint NOT NULL,
  PRIMARY KEY (actor, idempotency_key)
) {clustered};
",
    "
DROP TABLE idempotency;
DROP INDEX audit_by_actor;
ALTER TABLE audit DROP COLUMN after_revision_id;
ALTER TABLE audit DROP COLUMN before_revision_id;
ALTER TABLE audit DROP COLUMN client;
ALTER TABLE audit DROP COLUMN address;
ALTER TABLE audit DROP COLUMN actor_name;
DROP TABLE correction_dismissed;
ALTER TABLE correction DROP COLUMN carries_id;
ALTER TABLE revision DROP COLUMN published;
ALTER TABLE revision DROP COLUMN actor_name;
ALTER TABLE revision DROP COLUMN autosaved;
DROP INDEX variant_by_state;
DROP INDEX variant_by_withdrawal;
DROP INDEX variant_by_schedule;
DROP INDEX variant_by_language;
ALTER TABLE variant DROP COLUMN source_hash;
ALTER TABLE variant DROP COLUMN source_language;
ALTER TABLE variant DROP COLUMN live_hash;
ALTER TABLE variant DROP COLUMN head_hash;
ALTER TABLE variant DROP COLUMN held_until;
ALTER TABLE variant DROP COLUMN held_by;
ALTER TABLE variant DROP COLUMN note;
ALTER TABLE variant DROP COLUMN embargo_until;
ALTER TABLE variant DROP COLUMN withdraw_at;
ALTER TABLE variant DROP COLUMN updated_by;
ALTER TABLE variant DROP COLUMN created_by;
ALTER TABLE article DROP COLUMN archived_at;
ALTER TABLE article DROP COLUMN created_by;
"
);
