#!/usr/bin/env bash
# Makes .venv from requirements-dev.lock; does nothing when it is already so.
set -euo pipefail
cd "$(dirname "$0")/.."

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3 python3.13 python3.12}; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "make setup: Python 3.11 or newer was not found, nothing was changed." \
        "Install it (Debian: apt-get install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3.11" >&2
    return 1
}

python=$(find_python)
want=$({ echo "$PWD"; "$python" --version; cat requirements-dev.lock pyproject.toml; } | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/.holdwatch-stamp 2>/dev/null)" = "$want" ] && [ -x .venv/bin/holdwatch ]; then
    exit 0
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    scripts/system-packages.sh python3-venv
fi
[ -x .venv/bin/python ] && usable .venv/bin/python || "$python" -m venv --clear .venv
echo "make setup: installing into .venv, a minute or two the first time"
pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet)
"${pip[@]}" --require-hashes --no-deps -r requirements-dev.lock
"${pip[@]}" --no-deps --no-build-isolation --editable .
echo "$want" >.venv/.holdwatch-stamp
