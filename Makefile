# What a person types in a checkout; each target works as the first command on a machine that has Debian (or Raspberry Pi
# OS), Python 3, make and git. What the targets do stands in deploy/dev/.

MODE ?= on-demand-user-start
PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-run test demo phone bench wheel docs clean

help: ## show this
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | while IFS='	' read -r name text; do printf '  make %-6s  %s\n' "$$name" "$$text"; done

demo: setup-run ## a real call is recorded before your eyes; MODE=never|always|always-pause-resume|on-demand|on-demand-user-start
	@$(PYTHON) -m tests.demo --mode '$(MODE)'

phone: setup-run ## the simulated phone, for your own hands
	@$(PYTHON) -m tests.demo --hands-on

test: setup ## every check and test, with real SIP peers
	@deploy/dev/check.sh

setup: ## what development needs: Debian packages, .venv, our own pjsua2, an Asterisk
	@deploy/dev/setup.sh test

setup-run:
	@deploy/dev/setup.sh run

bench: setup ## measure the numbers that the design promises
	@$(PYTHON) -m tests.bench

wheel: ## build our own pjsua2, or find it in the cache; prints its path
	@deploy/dev/setup.sh wheel

docs: setup-run ## write what is generated of docs/ anew: the configuration, the schemas, the policy table
	@$(PYTHON) -m deskphone.config.document docs/configuration.md
	@$(PYTHON) -m docs.generate

clean: ## remove what was made in this checkout (the caches in ~/.cache/deskphone stay)
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache firmware/*.egg-info
	find firmware tests deploy -name __pycache__ -prune -exec rm -rf {} +
