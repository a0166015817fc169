#!/bin/sh
# Installs a lock file and this folder's package into the virtual environment: install.sh VENV LOCK
set -eu
folder=$1
lock=$2
echo "setup: installing the packages of $lock"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"
# setuptools comes from the lock, so nothing is fetched for the build
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
