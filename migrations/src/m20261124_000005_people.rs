//! Who may sign in, and with what. No secret is kept as it is, except the keys that sign tokens.

crate::sql_migration!(
    "
CREATE TABLE person (
  id uuid PRIMARY KEY,
  -- In lower case. Whoever signs in elsewhere may have none.
  email {key},
  name text NOT NULL,
  role {key} NOT NULL,
  -- Argon2id in PHC's form. Nothing for whoever signs in elsewhere.
  password_hash text,
  -- Where they sign in, if it is elsewhere, and what they are called there.
  issuer {key},
  subject {key},
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  disabled_at bigint,
  UNIQUE (issuer, subject)
);
-- Another issuer's addresses are its own affair: they take none from the people who sign in here.
CREATE UNIQUE INDEX person_by_email ON person (email) WHERE issuer IS NULL;

-- One sign-in, and what was refreshed from it.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person (id),
  address text,
  -- What of the address tells networks apart: whoever signed in from one is known there.
  network {key} NOT NULL,
  client text,
  created_at bigint NOT NULL,
  refreshed_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX session_by_person ON session (person_id, network);
CREATE INDEX session_by_expiry ON session (expires_at);

-- SHA-256 of each. A used one is kept as long as its session: whoever shows it again has stolen it, or was robbed.
CREATE TABLE refresh_token (
  hash {key} PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
) {clustered};
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);

CREATE TABLE api_key (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  -- The part that is shown in lists, and by which a key is found.
  prefix {key} NOT NULL UNIQUE,
  -- SHA-256 of the whole key.
  hash {key} NOT NULL,
  scopes text NOT NULL,
  languages text NOT NULL,
  sections text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  used_at bigint
);

-- What signs access tokens. The newest that began to sign and is not retired signs; the others are still believed.
CREATE TABLE signing_key (
  id {key} PRIMARY KEY,
  algorithm {key} NOT NULL,
  private_key text NOT NULL,
  public_key text NOT NULL,
  created_at bigint NOT NULL,
  signs_since bigint,
  retired_at bigint
);

-- How often signing in failed: for an account at an address, for an address, for an account from strange addresses.
CREATE TABLE sign_in_failure (
  scope {key} PRIMARY KEY,
  failures integer NOT NULL,
  last_at bigint NOT NULL
) {clustered};
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at);
",
    "
DROP TABLE sign_in_failure;
DROP TABLE signing_key;
DROP TABLE api_key;
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE person;
"
);
