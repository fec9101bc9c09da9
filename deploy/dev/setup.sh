#!/bin/bash
# setup.sh run|test — everything that the checkout needs, into .venv and the caches under ~/.cache/deskphone; a second run
# finds it done.
#   run    what the demo needs: run-time packages, and the first pjsua2 there is of our own in the cache, PyPI's, our own built
#   test   that and the tests' tools, our own pjsua2 (built when there is none yet) and a real Asterisk
#   wheel  our own pjsua2 only; prints where it is
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/dev/steps.sh
. deploy/dev/steps.sh

venv=$PWD/.venv
own_stamp=$venv/.pjsua2 # which wheel of ours is installed

main() {
    local kind=${1:-} wheel lists=(deploy/dev/packages-run) source=own
    case $kind in run | test | wheel) ;; *) fail "use: ${0##*/} run|test|wheel" ;; esac
    wheel=$(cached_wheel)
    if [ "$kind" = run ] && [ -z "$wheel" ]; then source=pypi; fi
    if [ "$kind" = test ]; then lists+=(deploy/dev/packages-test); fi
    if [ "$source" = own ] && [ -z "$wheel" ]; then lists+=(deploy/pjsua2/packages); fi
    deploy/dev/packages.sh "${lists[@]}"
    if [ "$kind" = wheel ]; then
        [ -n "$wheel" ] || build_wheel
        cached_wheel
        return
    fi
    make_venv

    if [ "$source" = own ] && [ -z "$wheel" ]; then
        begin pjsua2 "our own pjsua2 (once, 2-4 minutes)" deploy/pjsua2/build.sh
    fi
    if ! has_python_packages "$kind"; then
        begin pip "Python packages of deskphone$(extra "$kind")" install_python_packages "$kind"
    fi
    if [ "$kind" = test ]; then begin asterisk "Asterisk (a folder beside the system)" deploy/dev/asterisk-tree.sh; fi
    finish

    if [ "$source" = own ]; then install_own "${wheel:-$(cached_wheel)}"; else install_pypi; fi
}

# Our own wheel in the cache, or nothing. A source that does not exist keeps build.sh from building.
cached_wheel() { PJPROJECT_TARBALL=/nonexistent/source deploy/pjsua2/build.sh 2> /dev/null || true; }

build_wheel() { step pjsua2 "our own pjsua2 (once, 2-4 minutes)" deploy/pjsua2/build.sh || exit 1; }

make_venv() {
    command -v python3 > /dev/null || fail "python3 is missing: apt-get install python3"
    if [ -x "$venv/bin/pip" ] && grep -qF "$venv" "$venv/bin/activate" && "$venv/bin/python" -c '' 2> /dev/null; then return; fi
    local version
    version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || fail "Python 3.11 or later is needed (Debian 12 has it); the first python3 here is $(command -v python3), $version"
    step venv "virtual environment .venv, Python $version" python3 -m venv --clear "$venv" || exit 1
}

extra() { if [ "$1" = test ]; then echo '[test]'; fi; }

has_python_packages() { # also when more than that was installed
    local key
    key=$(python_key)
    [ "$key" = "$(cat "$venv/.packages-test" 2> /dev/null)" ] \
        || { [ "$1" = run ] && [ "$key" = "$(cat "$venv/.packages-run" 2> /dev/null)" ]; }
}

install_python_packages() {
    "$venv/bin/pip" install --no-input --disable-pip-version-check -r deploy/dev/python-run -e ".$(extra "$1")"
    python_key > "$venv/.packages-$1"
}

python_key() { cat pyproject.toml setup.py deploy/dev/python-run | sha256sum; }

# Both distributions provide the module pjsua2, under different names: pip would leave the one's files to the other.
replace_pjsua2() {
    rm -f "$own_stamp"
    "$venv/bin/pip" uninstall --disable-pip-version-check -y pjsua2 pjsua2-python \
        && "$venv/bin/pip" install --no-input --disable-pip-version-check --no-deps --only-binary :all: "$1" \
        && "$venv/bin/python" -c 'import pjsua2'
}

install_own() {
    [ "$(cat "$own_stamp" 2> /dev/null)" != "$1" ] || return 0
    step pjsua2-install "our own pjsua2 into .venv" replace_pjsua2 "$1" || exit 1
    echo "$1" > "$own_stamp"
}

# PyPI's is there at once, but only for some machines and Pythons.
install_pypi() {
    if [ -f "$own_stamp" ] || "$venv/bin/python" -c 'import pjsua2' 2> /dev/null; then return; fi
    say "trying pjsua2-python of PyPI: ready at once, yet without ALSA and Opus (make wheel builds our own)"
    if replace_pjsua2 pjsua2-python > "$log_folder/pjsua2-pypi.log" 2>&1; then return; fi
    say "PyPI has none for this machine and Python: building our own"
    deploy/dev/packages.sh deploy/pjsua2/packages
    build_wheel
    install_own "$(cached_wheel)"
}

main "$@"
