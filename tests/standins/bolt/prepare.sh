#!/bin/sh
# Puts the JavaScript client that proves the Slack stand-in into build/bolt. Quick when nothing changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target="$root/build/bolt"
for tool in node npm; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "prepare.sh: '$tool' is not installed. The proof of the Slack stand-in needs Node.js 18 or newer with npm;" \
            "nothing was changed. Install it (Debian: apt-get install nodejs npm) and run this again." >&2
        exit 3
    fi
done
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 18 ]; then
    echo "prepare.sh: node $major is too old, 18 or newer is needed; nothing was changed." >&2
    exit 3
fi
mkdir -p "$target"
stamp=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -d' ' -f1)
exec 9>"$target/.lock"
if command -v flock >/dev/null 2>&1; then flock -w 300 9; fi
if [ "$(cat "$target/.stamp" 2>/dev/null || true)" != "$stamp" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$target/"
    (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    echo "$stamp" >"$target/.stamp"
fi
cp "$here/app.mjs" "$target/app.mjs"
