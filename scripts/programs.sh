# Finds or installs programs that tests run. Sourced by scripts that need them.
# need PROGRAM PACKAGE WHY

need() {
  local program=$1 package=$2 why=$3 sudo=
  command -v "$program" >/dev/null && return 0
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if command -v apt-get >/dev/null; then
    echo "installing $package with apt-get ..." >&2
    # shellcheck disable=SC2086
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq "$package" >/dev/null; } >&2 && return 0
  fi
  echo "$program is needed for the tests ($why): install it." >&2
  return 1
}
