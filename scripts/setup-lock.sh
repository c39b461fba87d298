#!/bin/bash
# Resolves pyproject.toml anew into the lock files: every package with its hashes, no registry named.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command "make lock" "$@"
}

compile pyproject.toml --output-file requirements.txt
compile pyproject.toml --group dev --group docs --constraint requirements.txt --output-file requirements-dev.txt
compile --group ui --output-file requirements-ui.txt
compile --group setup --constraint requirements-dev.txt --output-file requirements-setup.txt
wc -l requirements*.txt
