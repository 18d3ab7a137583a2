//! People, their sessions, programs' keys, and the keys that sign tokens. Secrets are stored as hashes.

crate::sql_migration!(
    "
CREATE TABLE person (
  id uuid PRIMARY KEY,
  -- Lower case.
  email {key} NOT NULL UNIQUE,
  name text NOT NULL,
  role {key} NOT NULL,
  -- A PHC string; nothing for who cannot sign in with one.
  password text,
  disabled_at bigint,
  created_at bigint NOT NULL
);

-- One sign-in and all refresh tokens that came of it.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person (id),
  created_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX session_by_person ON session (person_id);

CREATE TABLE refresh_token (
  token_hash {key} PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES session (id),
  expires_at bigint NOT NULL,
  used_at bigint
) {clustered};
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);

CREATE TABLE api_key (
  id uuid PRIMARY KEY,
  token_hash {key} NOT NULL UNIQUE,
  -- What the key begins with: enough to recognise it, not to use it.
  prefix text NOT NULL,
  name text NOT NULL,
  -- Lists, parted by spaces; empty languages and sections are all of them.
  scopes text NOT NULL,
  languages text NOT NULL,
  sections text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint
);

CREATE TABLE signing_key (
  kid {key} PRIMARY KEY,
  private text NOT NULL,
  public text NOT NULL,
  created_at bigint NOT NULL,
  retired_at bigint
);

-- Failed sign-ins by account and address; either is empty in the rows that count all of the other.
CREATE TABLE sign_in_failure (
  account {key} NOT NULL,
  address {key} NOT NULL,
  failures integer NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (account, address)
) {clustered};

-- Addresses from which an account was signed in to: a stranger's failures elsewhere do not lock them out.
CREATE TABLE known_address (
  person_id uuid NOT NULL REFERENCES person (id),
  address {key} NOT NULL,
  PRIMARY KEY (person_id, address)
) {clustered};
",
    "
DROP TABLE known_address;
DROP TABLE sign_in_failure;
DROP TABLE signing_key;
DROP TABLE api_key;
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE person;
"
);
