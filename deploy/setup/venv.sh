#!/bin/sh
# Makes the virtual environment $1 with a Python that is new enough. PYTHON names one; else the usual names are tried.
set -eu
folder=$1

good() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

found=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3}; do
    if good "$candidate"; then
        found=$candidate
        break
    fi
done
if [ -z "$found" ]; then
    echo "setup: no Python from 3.11 on with its venv module found; install one (Debian: apt-get install python3-venv) or name it: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! [ -x "$folder/bin/python" ] || ! good "$folder/bin/python"; then
    echo "setup: making $folder with $("$found" --version)"
    "$found" -m venv --clear "$folder"
fi
