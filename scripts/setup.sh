#!/usr/bin/env bash
# Sets up what `make` needs, each step once: `setup.sh site|test|npm|browser|lock|audit`. Called by the Makefile.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# Installs Debian packages where that needs no password; says so with exit code 1 where it does.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$candidate"; return; fi
  done
  say 'Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3 …'
  exit 2
}

make_venv() {
  [ -x .venv/bin/pip ] && return
  local python; python=$(python)
  # Debian keeps ensurepip, which makes a venv's pip, in a package of its own.
  if ! "$python" -c 'import ensurepip' 2>/dev/null && ! apt_install python3-venv; then
    say 'Python lacks its venv module; install it: sudo apt-get install python3-venv'
    exit 2
  fi
  "$python" -m venv .venv
}

install_lock() {
  say "Installing requirements/$1.lock …"
  # --no-deps: the lock is complete, and the resolver of old pips (23.2) stumbles over extras spelt two ways.
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "requirements/$1.lock"
}

compile_lock() {
  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --custom-compile-command 'make lock' "${@:2}" --extra build pyproject.toml -o "requirements/$1.lock"
}

case "${1:-}" in
site)
  make_venv
  install_lock site
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  touch .venv/site.stamp
  ;;
test)
  install_lock test
  touch .venv/test.stamp
  ;;
npm)
  if ! command -v npm >/dev/null && ! apt_install nodejs npm; then
    say '!!! Not installed: npm. What needs its packages is skipped. Get it with: sudo apt-get install nodejs npm'
    exit
  fi
  say 'Installing package-lock.json …'
  npm ci --silent
  touch node_modules/insights.stamp
  ;;
browser)
  missing=()
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
  command -v r2e >/dev/null || missing+=(rss2email)
  command -v spamassassin >/dev/null || missing+=(spamassassin)
  command -v java >/dev/null || missing+=(default-jre-headless)
  command -v lowntfs-3g >/dev/null || missing+=(ntfs-3g)
  # The fonts in which readers see the site (or fonts as wide as those): the tests measure lines in each.
  for font in urw-base35 liberation dejavu-core sil-charis crosextra-caladea; do
    dpkg -s "fonts-$font" >/dev/null 2>&1 || missing+=("fonts-$font")
  done
  if [ ${#missing[@]} -gt 0 ] && [ "$(uname)" != Darwin ] && ! apt_install "${missing[@]}"; then
    say "!!! Not installed: ${missing[*]}. Their tests are skipped. Get them with: sudo apt-get install ${missing[*]}"
  fi
  ;;
lock)
  compile_lock site
  compile_lock test -c requirements/site.lock --extra test
  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --custom-compile-command 'make lock' requirements/audit.in -o requirements/audit.lock
  ;;
audit)
  mkdir -p build
  .venv/bin/python scripts/bill.py >build/insights.cdx.json
  # In a place of its own, so that what audits is not what is audited.
  "$(python)" -m venv build/audit
  if ! build/audit/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r requirements/audit.lock 2>build/audit.log; then
    say '!!! Not audited: pip-audit cannot be installed, see build/audit.log. PyPI has to be reachable.'
    say '    The bill of materials is whole: build/insights.cdx.json'
    exit 1
  fi
  # Strict: a package that PyPI did not answer for counts as one with a hole, not as one without.
  if ! build/audit/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes \
    -r requirements/test.lock 2>build/audit.log; then
    tail -n 1 build/audit.log >&2
    say '!!! Known holes, or not audited: see above, and build/audit.log. PyPI has to be reachable.'
    say '    The bill of materials is whole: build/insights.cdx.json'
    exit 1
  fi
  tail -n 1 build/audit.log
  ;;
*)
  say 'usage: scripts/setup.sh site|test|npm|browser|lock|audit'
  exit 2
  ;;
esac
