#!/bin/bash
# packages.sh LIST... — install the Debian packages of these lists that are missing; nothing is asked, and when nothing is
# missing neither the network nor root is needed. A list has one package a line, or "a | b": the first that exists here.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/dev/steps.sh
. deploy/dev/steps.sh

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }
known() { [[ $(apt-cache policy "$1" 2> /dev/null) =~ Candidate:\ [^\(] ]]; }

wanted() { # the alternatives of the lines that none of is installed, one line each
    local -a names
    local name
    sed 's/#.*//; s/|/ /g' "$@" | while read -ra names; do
        for name in "${names[@]}"; do installed "$name" && continue 2; done
        [ ${#names[@]} = 0 ] || echo "${names[*]}"
    done
}

chosen() { # of each line of alternatives the first that apt knows, else its last, which apt then complains of by name
    local -a names
    local name
    while read -ra names; do
        for name in "${names[@]}"; do known "$name" && break; done
        echo "$name"
    done
}

missing=$(wanted "$@")
[ -n "$missing" ] || exit 0
command -v apt-get > /dev/null || fail "this needs Debian's packages: $(paste -sd' ' <<< "$missing")"
root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || fail "Debian packages are missing, and there is no sudo to install them with. As root:
    $PWD/deploy/dev/packages.sh $*
which installs $(paste -sd, <<< "${missing// / or }" | sed 's/,/, /g')."
    sudo -n true 2> /dev/null || { say "sudo, for Debian packages"; sudo -v || fail "no root, no packages"; }
    root=(sudo)
fi
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
step apt-update "Debian's package lists" "${apt[@]}" update || say "going on with the lists that apt has"
mapfile -t packages < <(chosen <<< "$missing")
step apt-install "Debian packages: ${packages[*]}" "${apt[@]}" install --no-install-recommends "${packages[@]}" || exit 1
