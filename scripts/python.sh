# Programs in Python that check what the service answers, from PyPI. Sourced by scripts that need one.
# python_venv NAME PACKAGE... makes the environment ${CARGO_TARGET_DIR:-target}/NAME with exactly these packages, once, and
# sets PYTHON_VENV to its folder.

python_venv() {
  local name=$1 folder wanted
  shift
  folder="${CARGO_TARGET_DIR:-target}/$name"
  wanted="$*"
  if [ "$(cat "$folder/packages" 2>/dev/null)" != "$wanted" ]; then
    if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "Python 3.11 or later with its module venv is needed for the tests: install python3 and python3-venv." >&2
      return 1
    fi
    echo "installing $wanted into $folder ..." >&2
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2 || return 1
    echo "$wanted" >"$folder/packages"
  fi
  PYTHON_VENV=$(cd "$folder" && pwd)
}
