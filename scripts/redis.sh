# Finds or installs redis-server, for tests that start one. Sourced by scripts that need it.

need_redis() {
  command -v redis-server >/dev/null && return 0
  local sudo=
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if command -v apt-get >/dev/null; then
    echo "installing Redis with apt-get ..." >&2
    # shellcheck disable=SC2086
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq redis-server >/dev/null; } >&2 && return 0
  fi
  echo "Redis is needed for the tests: install redis-server." >&2
  return 1
}
