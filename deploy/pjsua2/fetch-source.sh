#!/bin/bash
# fetch-source.sh OUTDIR — fetch the pjproject source that Debian ships inside its `asterisk` source package.
#
# The file names in Debian's pool rotate, so nothing is fetched by address: a private apt reads sid's *signed* index from
# the mirror that this machine already uses, and apt checks every byte against it. Prints the path of the tarball.
# PJPROJECT_TARBALL=/path/to/tarball skips all of it.
set -euo pipefail
out=$(mkdir -p "$1" && realpath "$1")

if [ -n "${PJPROJECT_TARBALL:-}" ]; then
    realpath "$PJPROJECT_TARBALL"
    exit 0
fi

# Raspberry Pi OS (64 bit) and Debian both list a mirror ending in /debian; archive.raspberrypi.com carries no sources of ours.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null \
    | grep -oE 'https?://[^ ]+/debian/?( |$)' | grep -v 'raspberrypi' | head -n 1 | tr -d ' ' || true)
if [ -z "$mirror" ]; then
    echo "fetch-source: no Debian mirror in /etc/apt; name one there, or give PJPROJECT_TARBALL=FILE" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" > "$work/sources.list"
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root)
"${apt[@]}" update >&2
(cd "$work" && "${apt[@]}" source --download-only -t sid asterisk >&2)
tarball=$(find "$work" -maxdepth 1 -name '*orig-Xpjproject.tar.*' | head -n 1)
if [ -z "$tarball" ]; then
    echo "fetch-source: Debian's asterisk source no longer carries an Xpjproject component; give PJPROJECT_TARBALL=FILE" >&2
    exit 1
fi
mv "$tarball" "$out/"
echo "$out/$(basename "$tarball")"
