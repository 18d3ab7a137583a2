//! Partners: what each may have, what each was told of, and what each has read.

crate::sql_migration!(
    "
CREATE TABLE partner (
  id uuid PRIMARY KEY,
  -- What programs and people call it: lower case, unique.
  slug {key} NOT NULL UNIQUE,
  -- Name, contact, tier, and what it may have, as one document.
  doc text NOT NULL,
  version integer NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  disabled_at bigint
);

-- The partner whose key it is.
ALTER TABLE api_key ADD COLUMN partner_id uuid;
CREATE INDEX api_key_by_partner ON api_key (partner_id);

-- Where a story stands for a partner: what the newest of its changes said, and whether it ever received the story.
CREATE TABLE partner_story (
  partner_id uuid NOT NULL REFERENCES partner (id),
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  -- usable, withheld, canceled
  status {key} NOT NULL,
  -- A hash of what it may have of the story: another one is a change.
  shown {key} NOT NULL,
  -- The revision and the corrections that this was, as JSON.
  had text NOT NULL,
  -- Until when it is under embargo; nothing for what everybody may see.
  embargoed_until bigint,
  -- When time alone may change what the partner may have of it.
  recheck_at bigint,
  -- When the story first left for it: from then on it may have it. Nothing where nobody was there to take it.
  sent_at bigint,
  -- When it first and last received the story, as far as is known: it asked for it, or said that it has it.
  received_at bigint,
  last_received_at bigint,
  PRIMARY KEY (partner_id, article_id, language)
) {clustered};
CREATE INDEX partner_story_by_article ON partner_story (article_id, language);
CREATE INDEX partner_story_by_recheck ON partner_story (recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX partner_story_under_embargo ON partner_story (article_id, language) WHERE embargoed_until IS NOT NULL;

-- What a partner is told, in order. A row is written when a change concerns the partner, and never changed but for when it
-- was told and acknowledged.
CREATE TABLE partner_change (
  id {serial},
  partner_id uuid NOT NULL REFERENCES partner (id),
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  -- The entry of the change log that it came from; nothing where time or the partner's terms brought it.
  event_id bigint,
  kind {key} NOT NULL,
  status {key} NOT NULL,
  -- The correction, the blocks that changed, the reason.
  detail text NOT NULL,
  at bigint NOT NULL,
  told_at bigint,
  -- pull, push, snapshot
  told_by {key},
  acked_at bigint
);
CREATE INDEX partner_change_by_partner ON partner_change (partner_id, id);
CREATE INDEX partner_change_by_article ON partner_change (article_id, language, id);
CREATE INDEX partner_change_untold ON partner_change (partner_id, id) WHERE told_at IS NULL;
CREATE INDEX partner_change_unacknowledged ON partner_change (partner_id, id) WHERE acked_at IS NULL;

-- What partners read, by day (days since 1970, UTC), for invoices.
CREATE TABLE partner_usage (
  day integer NOT NULL,
  partner_id uuid NOT NULL REFERENCES partner (id),
  article_id uuid NOT NULL,
  language {key} NOT NULL,
  -- pull, push
  way {key} NOT NULL,
  deliveries bigint NOT NULL,
  PRIMARY KEY (day, partner_id, article_id, language, way)
) {clustered};
CREATE INDEX partner_usage_by_partner ON partner_usage (partner_id, day);
",
    "
DROP TABLE partner_usage;
DROP TABLE partner_change;
DROP TABLE partner_story;
DROP INDEX api_key_by_partner;
ALTER TABLE api_key DROP COLUMN partner_id;
DROP TABLE partner;
"
);
