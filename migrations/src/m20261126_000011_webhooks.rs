//! Webhooks: where partners are told of changes, what waits to be sent there, and what came of it.

crate::sql_migration!(
    "
CREATE TABLE webhook_endpoint (
  id uuid PRIMARY KEY,
  partner_id uuid NOT NULL REFERENCES partner (id),
  url text NOT NULL,
  -- BYLINE, NINJS3, NINJS2
  format {key} NOT NULL,
  -- The secrets that sign, newest first, each with when it ends, as JSON. Secret.
  secrets text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  -- Since when nothing succeeded; nothing while all is well.
  failing_since bigint,
  disabled_at bigint,
  disabled_reason text
);
CREATE INDEX webhook_endpoint_by_partner ON webhook_endpoint (partner_id);

-- The queue. Of one story and endpoint, the oldest that waits is sent first.
CREATE TABLE webhook_delivery (
  id {serial},
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
  -- What it tells of; nothing for a ping.
  change_id bigint,
  article_id uuid,
  language {key},
  -- waiting, delivered, given_up
  state {key} NOT NULL,
  attempts integer NOT NULL,
  next_at bigint NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_endpoint ON webhook_delivery (endpoint_id, id);
-- A change is told to an endpoint once; a replay makes the same row wait again.
CREATE UNIQUE INDEX webhook_delivery_by_change ON webhook_delivery (endpoint_id, change_id);
-- What of a story waits at an endpoint, the oldest first.
CREATE INDEX webhook_delivery_of_story ON webhook_delivery (endpoint_id, article_id, language, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;

-- The log: each request that was made, and its answer.
CREATE TABLE webhook_attempt (
  id {serial},
  delivery_id bigint NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
  at bigint NOT NULL,
  milliseconds bigint NOT NULL,
  request text NOT NULL,
  -- The HTTP status; nothing where there was no answer.
  status integer,
  -- The beginning of the answer's body, or why there was none.
  answer text NOT NULL
);
CREATE INDEX webhook_attempt_by_delivery ON webhook_attempt (delivery_id, id);
",
    "
DROP TABLE webhook_attempt;
DROP TABLE webhook_delivery;
DROP TABLE webhook_endpoint;
"
);
