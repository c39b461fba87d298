SHELL := /bin/bash
.DEFAULT_GOAL := help
root := $(filter 0,$(shell id -u))

.PHONY: audit screens help setup dev run test check fix bench demo lab lab-stop docs release lock clean ui-check ui-types

help: ## show these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

setup: ## make the environment .venv (quick when it is there)
	@scripts/setup.sh run

dev:
	@scripts/setup.sh dev

run: setup ## start the platform with sample content; Ctrl-C stops it
	@exec .venv/bin/heroes serve --demo

test: dev ## run all tests; as root with the laboratory of real clusters
	@.venv/bin/python scripts/test.py $(ARGS)

ui-check: dev
	@scripts/build-ui.sh .venv npm run --silent check
	@.venv/bin/python scripts/openapi.py | scripts/build-ui.sh .venv npm run --silent types -- --check

ui-types: dev ## make the web client's types anew from the API
	@.venv/bin/python scripts/openapi.py | scripts/build-ui.sh .venv npm run --silent types

screens: dev ## draw the key screens of a running platform into docs/screens (URL=…, HEROES_DEMO_PASSWORD)
	@.venv/bin/python scripts/screens.py $(URL)

check: dev ## linters, types and the layers of the code
	@scripts/check.sh

fix: dev ## repair what the linters can repair
	@.venv/bin/ruff check --fix src tests scripts
	@.venv/bin/ruff format src tests scripts

bench: dev ## measure: CPU time, memory, many at once, bulk data, faults (root)
	@.venv/bin/python -m bench

demo: setup lab ## the platform with two real Slurm centres (root)
	@scripts/demo.sh

lab: ## start the laboratory of real Slurm centres (root)
	@scripts/install-lab.sh
	@tests/lab/lab start

lab-stop: ## stop the laboratory
	@tests/lab/lab stop

docs: dev ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

release: check test docs ## build the wheel and its bill of materials into dist/, after all checks
	@rm -rf dist && .venv/bin/uv build --quiet --offline --no-build-isolation --wheel
	@.venv/bin/python scripts/sbom.py dist/heroes.cdx.json && ls dist

audit: dev ## ask the public advisories about every locked package (needs the internet)
	@.venv/bin/uv tool run pip-audit --requirement requirements.txt --require-hashes --disable-pip
	@scripts/build-ui.sh .venv npm audit --omit=dev

lock: dev ## resolve the dependencies anew into the lock files
	@scripts/setup-lock.sh

clean: ## remove what was made here; data folders stay
	@$(if $(root),rm -rf "$$(readlink .venv || echo .venv)")
	@rm -rf .venv site dist build src/heroes/_ui src/heroes/_docs ui/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
