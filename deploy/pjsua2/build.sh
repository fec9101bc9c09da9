#!/bin/bash
# build.sh [OUTDIR] — build Deskphone's pjsua2: one cp311-abi3 wheel, PJSIP inside, Debian's system libraries outside.
#
# The wheel is kept in a cache keyed by recipe, machine and distribution, so it is built once (about 3 minutes on two
# cores). Prints the wheel's path on stdout, progress on stderr. Fails when SSL, Opus, ALSA or SRTP would be missing.
#   PJPROJECT_TARBALL=FILE   build from this source instead of Debian's
#   SWIG=FILE                SWIG >= 4.2 (default: installed from PyPI into a throw-away environment)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. /etc/os-release
arch=$(uname -m)
key=$(cat "$here"/build.sh "$here"/pack_wheel.py "$here"/config_site.h "$here"/patches/*.patch | sha256sum | cut -c1-12)
cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/deskphone/pjsua2/${ID:-linux}-${VERSION_ID:-0}-$arch-$key}
mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9
if wheel=$(ls "$cache"/pjsua2-*.whl 2> /dev/null); then
    echo "$wheel"
    exit 0
fi

say() { printf 'pjsua2: %4ds  %s\n' "$SECONDS" "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/deskphone-pjsua2.XXXXXX")
trap 'rm -rf "$work"' EXIT

say "fetching the source"
tarball=$("$here/fetch-source.sh" "$cache" 2> "$work/fetch.log") || { cat "$work/fetch.log" >&2; exit 1; }
sum=$(sha256sum "$tarball" | cut -d' ' -f1)
if grep -q "$sum" "$here/SOURCES"; then say "$(basename "$tarball") is one of SOURCES"
else say "note: $(basename "$tarball") ($sum) is not in deploy/pjsua2/SOURCES yet; apt vouches for it"; fi

if [ -z "${SWIG:-}" ]; then
    python3 -m venv "$work/swig" && "$work/swig/bin/pip" install -q 'swig>=4.2,<5' >&2
    SWIG=$work/swig/bin/swig
fi

mkdir "$work/pj"
tar xf "$tarball" -C "$work/pj" --strip-components=1
cd "$work/pj"
version=$(sed -n 's/^export PJ_VERSION_\(MAJOR\|MINOR\|REV\)[ ]*:= *\([0-9][0-9]*\).*/\2/p' version.mak | paste -sd.)
case $version in 2.1[6-9]* | 2.[2-9][0-9]* | [3-9]*) ;; *) fail "pjproject $version is too old; 2.16 is the oldest that works" ;; esac
say "pjproject $version"
sed -i 's/ bdimad_dev\.o//' pjmedia/build/Makefile # Debian removed that file from the tarball
for patch in "$here"/patches/*.patch; do patch -s -p1 < "$patch" || fail "$(basename "$patch") does not apply to $version"; done
cp "$here/config_site.h" pjlib/include/pj/config_site.h

export CFLAGS="-O2 -g0 -fPIC -DNDEBUG" CXXFLAGS="-O2 -g0 -fPIC -DNDEBUG"
./aconfigure --prefix=/usr --disable-video --disable-sdl --disable-ffmpeg --disable-v4l2 --disable-openh264 --disable-vpx \
    --disable-libyuv --disable-libwebrtc --disable-upnp --disable-g7221-codec --disable-ilbc-codec --disable-silk \
    --disable-opencore-amr --disable-lyra --disable-bcg729 --enable-libsamplerate --with-external-gsm \
    --with-external-speex --with-external-srtp > "$work/configure.log" 2>&1 || { tail -n 20 "$work/configure.log" >&2; fail configure; }
while read -r part pattern; do
    grep -q -- "$pattern" "$work/configure.log" || fail "$part is missing: install the packages that deploy/pjsua2/packages lists"
done << 'PARTS'
OpenSSL OpenSSL library found, SSL support enabled
Opus OPUS library found
ALSA sound device backend... alsa
SRTP SRTP devkit is installed... yes
PARTS
say "configured; compiling (two minutes)"
make dep > "$work/make.log" 2>&1 || { tail -n 20 "$work/make.log" >&2; fail "make dep"; }
make -j"$(nproc)" lib >> "$work/make.log" 2>&1 || { grep -m5 -i 'error' "$work/make.log" >&2; fail "make lib"; }

say "wrapping for Python"
cd pjsip-apps/src/swig/python
root=../../../..
includes="-I$root/pjlib/include -I$root/pjlib-util/include -I$root/pjmedia/include -I$root/pjsip/include -I$root/pjnath/include"
# shellcheck disable=SC2086
"$SWIG" $includes -c++ -w312 -threads -python -o pjsua2_wrap.cpp ../pjsua2.i
helper() { make --no-print-directory -f helper.mak "$1" | tr '\n' ' '; }
python_include=$(ls -d /usr/include/python3.* | tail -n 1)
# shellcheck disable=SC2046
g++ -shared $(helper cflags) -O1 -fPIC -DPy_LIMITED_API=0x030b0000 -I"$python_include" pjsua2_wrap.cpp $(helper ldflags) \
    $(make --no-print-directory -f helper.mak libs | sed 's/^/-l/' | tr '\n' ' ') -Wl,--as-needed -o _pjsua2.abi3.so
strip --strip-unneeded _pjsua2.abi3.so
linked=$(ldd _pjsua2.abi3.so)
for library in libasound.so.2 libopus.so.0 libsrtp2.so.1 libssl.so.3 libcrypto.so.3; do
    grep -q "$library" <<< "$linked" || fail "the module is not linked with $library"
done
wheel=$(python3 "$here/pack_wheel.py" . "$cache" "$version+deskphone1" "linux_$arch" "$tarball")
say "ready: $wheel"
echo "$wheel"
