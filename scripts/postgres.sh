# Finds or installs PostgreSQL and runs a throwaway cluster. Sourced by scripts that need one.
# start_postgres sets POSTGRES_URL (without a database) and POSTGRES_BIN; stop_postgres removes everything.

find_postgres() {
  local folder
  for folder in ${POSTGRES_BIN:+"$POSTGRES_BIN"} "$(dirname "$(readlink -f "$(command -v initdb || true)")" 2>/dev/null || true)" \
    $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null | sort -rV); do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      POSTGRES_BIN=$folder
      return 0
    fi
  done
  return 1
}

install_postgres() {
  local sudo=
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if command -v apt-get >/dev/null; then
    echo "installing PostgreSQL with apt-get ..." >&2
    # shellcheck disable=SC2086
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq postgresql >/dev/null; } >&2 && return 0
  fi
  echo "PostgreSQL is needed for the tests: install its server (initdb, postgres), or name its folder in POSTGRES_BIN." >&2
  return 1
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  local user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- "$@"
}

start_postgres() {
  find_postgres || { install_postgres && find_postgres; } || exit 1
  POSTGRES_DIR=$(mktemp -d)
  chmod 755 "$POSTGRES_DIR"
  mkdir "$POSTGRES_DIR/data" "$POSTGRES_DIR/socket"
  if [ "$(id -u)" = 0 ]; then
    local user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
    chown "$user" "$POSTGRES_DIR/data" "$POSTGRES_DIR/socket"
  fi
  (cd "$POSTGRES_DIR" && as_postgres "$POSTGRES_BIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C >/dev/null)
  local port attempt
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    # Nothing here outlives the tests: durability is switched off.
    if (cd "$POSTGRES_DIR" && as_postgres "$POSTGRES_BIN/pg_ctl" -D data -w -t 60 -s -l data/log -o "-p $port -k $POSTGRES_DIR/socket \
        -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=${POSTGRES_FSYNC:-off} -c full_page_writes=off \
        -c shared_buffers=256MB ${POSTGRES_OPTIONS:-}" start); then
      POSTGRES_PORT=$port
      POSTGRES_URL="postgres://postgres@127.0.0.1:$port"
      return 0
    fi
  done
  cat "$POSTGRES_DIR/data/log" >&2
  exit 1
}

stop_postgres() {
  (cd "$POSTGRES_DIR" && as_postgres "$POSTGRES_BIN/pg_ctl" -D data -m immediate -s stop) || true
  rm -rf "$POSTGRES_DIR"
}
