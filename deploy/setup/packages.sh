#!/bin/sh
# The Debian packages of the tests: root has them installed, others are told which are missing.
# With "full" as the first word also those of the long rounds.
set -eu

have() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null 2>&1
}

any() {
    for path in "$@"; do
        [ -e "$path" ] && return 0
    done
    return 1
}

missing=
have mosquitto || missing="$missing mosquitto"
have chromium || missing="$missing chromium"
have Xvfb || missing="$missing xvfb"
have tesseract || missing="$missing tesseract-ocr"
# the voice of the dispenser: makes speech from text off line, for every text that an office may write
have espeak-ng || missing="$missing espeak-ng"
any /usr/lib/postgresql/*/bin/initdb || missing="$missing postgresql"
any /usr/lib/*/libfribidi.so.0 /usr/lib/libfribidi.so.0 /usr/lib64/libfribidi.so.0 || missing="$missing libfribidi0"
if [ "${1:-}" = full ]; then
    # real monitors without a monitor: two on one X server, and two on a Wayland desktop
    have Xorg || missing="$missing xserver-xorg-core"
    have xrandr || missing="$missing x11-xserver-utils"
    any /usr/lib/xorg/modules/drivers/dummy_drv.so || missing="$missing xserver-xorg-video-dummy"
    have weston || missing="$missing weston"
    any /usr/lib/*/dri/swrast_dri.so || missing="$missing libgl1-mesa-dri"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: the tests need these programs; install them first:$missing (Debian: sudo apt-get install$missing)" >&2
    exit 1
fi

echo "setup: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3; do
    # the first attempt does without a new list: often the present one is good
    if [ "$attempt" = 1 ] && ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || [ "$attempt" != 1 ]; then
        apt-get update -q >>"$log" 2>&1 || true
    fi
    # shellcheck disable=SC2086  # a list of names
    if apt-get install -q -y --no-install-recommends $missing >>"$log" 2>&1; then
        exit 0
    fi
    echo "setup: attempt $attempt failed" >&2
done
tail -n 20 "$log" >&2
echo "setup: apt-get could not install$missing; install them by hand and try again" >&2
exit 1
