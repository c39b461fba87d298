#!/bin/bash
# Every check of the code that needs no run of it; silent when all is well.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
part() {
  local name=$1 said
  shift
  if ! said=$("$@" 2>&1); then
    printf '%s\n' "=== $name" "$said" >&2
    failed=1
  fi
}
folders=(src tests scripts)
[ -d bench ] && folders+=(bench)
part "ruff check" .venv/bin/ruff check --quiet "${folders[@]}"
part "ruff format" .venv/bin/ruff format --quiet --check --diff "${folders[@]}"
part "mypy" .venv/bin/mypy
part "import-linter" .venv/bin/lint-imports
[ -f ui/package.json ] && part "ui" make --no-print-directory ui-check
exit $failed
