#!/bin/sh
# Another program's ESC/POS encoder, against which the long tests hold ours: needs node and npm, and only they do.
set -eu
folder=$(dirname "$0")/../../tests/second_encoder
[ -e "$folder/node_modules/.package-lock.json" ] && [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && exit 0

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "setup: node and npm are missing: the tickets are not compared with those of another encoder (Debian: sudo apt-get install nodejs npm)" >&2
        exit 0
    fi
    echo "setup: installing nodejs npm"
    apt-get update -q >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nodejs npm >/dev/null
fi
echo "setup: installing the second encoder"
(cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null) || {
    echo "setup: the second encoder cannot be installed: the tickets are not compared with its own" >&2
    exit 0
}
touch "$folder/node_modules/.package-lock.json"
