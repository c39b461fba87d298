#!/bin/bash
# The platform with sample content and the laboratory's two Slurm centres: enrolled, checked, priced differently.
# Runs in the foreground like `make run`; Ctrl-C stops the platform, `make lab-stop` the laboratory.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" -ne 0 ]; then
  echo "demo: the laboratory needs root; as an ordinary user \`make run\` starts the platform with this machine only" >&2
  exit 1
fi

export HEROES_WATCH_SECONDS=${HEROES_WATCH_SECONDS:-2}
export HEROES_URL=http://127.0.0.1:${HEROES_PORT:-8080}
home=${HEROES_HOME:-/var/lib/heroes}
config=$(mktemp -d)
export XDG_CONFIG_HOME=$config

.venv/bin/heroes serve --demo &
platform=$!
trap 'kill -TERM $platform 2>/dev/null || true; wait $platform || true; rm -rf "$config"' EXIT
trap 'exit 0' INT TERM

sign_in() {
  HEROES_PASSWORD=${HEROES_DEMO_PASSWORD:-$(sed -n 's/^password //p' "$home/first-login")} \
    .venv/bin/heroes login --organization acme --user oda
}
until sign_in >/dev/null 2>&1; do
  kill -0 $platform 2>/dev/null || exit 1
  sleep 1
done

lab() { # one fact of the laboratory: lab CENTRE FACT
  tests/lab/lab info | .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]][sys.argv[2]])' "$@"
}

enrol() { # enrol CENTRE ACCOUNT PRICE-PER-CORE-HOUR
  if ! .venv/bin/heroes cluster show "$1" >/dev/null 2>&1; then
    .venv/bin/heroes cluster add "$1" --host "$(lab "$1" host)" --account "$2" --batch-account proj1 \
      --key "$(lab "$1" key)" --host-key "$(lab "$1" host_key | cut -d' ' -f2-)" >/dev/null
    .venv/bin/heroes tariff set "$1" --core-hour "$3" --fixed 0.01 >/dev/null
  fi
  .venv/bin/heroes cluster test "$1" --timeout 5m
}

enrol alpha alice 0.05
enrol beta carol 0.03
cat <<'END'

Both centres are ready. As lea:
  heroes run two-sites -p first=alpha -p second=beta --watch
  heroes run cavity --cluster alpha --watch
END
wait $platform
