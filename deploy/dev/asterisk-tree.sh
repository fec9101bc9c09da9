#!/bin/bash
# asterisk-tree.sh [OUTDIR] — a folder that holds Asterisk and all its libraries, for tests that need a real SIP peer.
#
# Debian's stable suites carry no Asterisk, so it is taken from sid, and extracted beside the system instead of installed
# into it: nothing here needs a chroot, and root only makes it faster. Made once, then found again under OUTDIR (default
# ${XDG_CACHE_HOME:-~/.cache}/deskphone/asterisk) by a key of architecture and this recipe; remove the folder to get a
# newer Asterisk. Prints the tree's path on stdout and all else on stderr. DEBIAN_MIRROR=URL overrules the mirror that
# the machine's apt uses; ASTERISK_TREE=DIR skips all of it. Needs mmdebstrap and util-linux's flock.
set -euo pipefail

fail() {
    echo "asterisk-tree: $*" >&2
    exit 1
}

usable() {
    [ -x "$1/usr/sbin/asterisk" ] && [ -n "$(find "$1/usr/lib" -name chan_pjsip.so -print -quit 2>/dev/null)" ]
}

if [ -n "${ASTERISK_TREE:-}" ]; then
    usable "$ASTERISK_TREE" || fail "ASTERISK_TREE=$ASTERISK_TREE holds no usr/sbin/asterisk with chan_pjsip"
    realpath "$ASTERISK_TREE"
    exit 0
fi
for tool in mmdebstrap flock dpkg sha256sum; do
    command -v "$tool" >/dev/null || fail "$tool is missing (apt-get install mmdebstrap util-linux)"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || fail "$keyring is missing (apt-get install debian-archive-keyring)"

cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/deskphone/asterisk}
mkdir -p "$cache"
cache=$(realpath "$cache")
architecture=$(dpkg --print-architecture)
tree=$cache/sid-$architecture-$(sha256sum < "$0" | cut -c 1-12)

exec 9> "$tree.lock"
flock --exclusive --timeout 600 9 || fail "another run has held $tree.lock for ten minutes"
if usable "$tree"; then
    echo "$tree"
    exit 0
fi

# Raspberry Pi OS and Debian both list a mirror ending in /debian; archive.raspberrypi.com carries no Asterisk.
mirror=${DEBIAN_MIRROR:-$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null \
    | grep -oE 'https?://[^ ]+/debian/?( |$)' | grep -v 'raspberrypi' | head -n 1 | tr -d ' ' || true)}
[ -n "$mirror" ] || fail "no Debian mirror in /etc/apt; give DEBIAN_MIRROR=URL"

part=$tree.part
rm -rf "$part" "$tree"
trap 'rm -rf "$part"' EXIT
mode=()
[ "$(id -u)" = 0 ] || mode=(--mode=chrootless)
echo "asterisk-tree: extracting Asterisk of sid from $mirror into $tree" >&2
# sid's Release file may be past its Valid-Until on a mirror that is a snapshot; its signature is still checked.
mmdebstrap "${mode[@]}" --variant=extract --include=asterisk --architectures="$architecture" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    sid "$part" "deb [signed-by=$keyring] $mirror sid main" >&2 9>&- || fail "mmdebstrap failed"
usable "$part" || fail "the extracted tree holds no usr/sbin/asterisk with chan_pjsip"
# mmdebstrap leaves the new root closed to others, and a tree made by root is used by tests that are not.
chmod 755 "$part"
mv "$part" "$tree"
trap - EXIT
echo "$tree"
