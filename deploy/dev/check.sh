#!/bin/bash
# check.sh [PYTEST ARGUMENTS] — every gate of the project, in the .venv that setup.sh test made. A gate of form does not
# hide the next one; the tests run when all of them are passed.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/dev/steps.sh
. deploy/dev/steps.sh
export PATH=$PWD/.venv/bin:$PATH

failed=()
gate() { step "$@" || failed+=("$1"); }
gate format "ruff format --check" ruff format --check .
gate ruff "ruff check" ruff check .
gate mypy "mypy --strict" mypy --strict firmware tests docs deploy
gate imports "lint-imports" lint-imports
[ ${#failed[@]} = 0 ] || fail "not passed: ${failed[*]}"

# What is heard is judged by what real peers heard in real time: those tests have the machine to themselves.
say "pytest, all but calls"
pytest -q -n 3 --dist worksteal --ignore tests/scenarios --ignore tests/peers "$@"
say "pytest, calls with real peers"
pytest -q tests/scenarios tests/peers "$@"
