#!/usr/bin/env bash
# Makes sure that programs from outside Python are there: installs Debian's packages as root, else says what to do.
# Usage: scripts/system-packages.sh node npm chromium
set -euo pipefail

there() {
    case $1 in
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    python3-venv) "${PYTHON:-python3}" -c 'import ensurepip, venv' ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

package() {
    case $1 in
    node) echo nodejs ;;
    *) echo "$1" ;;
    esac
}

missing=()
for program in "$@"; do
    there "$program" || missing+=("$(package "$program")")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing ${missing[*]} with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
fi
echo "Not installed: ${missing[*]}. Nothing was started. Install them (Debian: sudo apt-get install ${missing[*]})" \
    "and run this again." >&2
exit 3
