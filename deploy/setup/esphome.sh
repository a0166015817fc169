#!/bin/sh
# ESPHome in an environment of its own, for the test that checks our files with it: it pins packages that we have in
# other versions. esphome.sh FOLDER PYTHON
set -u
folder=$1
python=$2
lock=$(dirname "$0")/esphome.lock
if [ "$folder/.setup" -nt "$lock" ]; then
    exit 0
fi
echo "setup: installing ESPHome for its test"
if "$python" -m venv --clear "$folder" &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"; then
    touch "$folder/.setup"
else
    echo "setup: ESPHome could not be installed; the test of its files will be left out" >&2
fi
