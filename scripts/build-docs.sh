#!/bin/bash
# Builds the documentation into src/heroes/_docs, from where the platform serves it; quick when nothing changed.
#   scripts/build-docs.sh ENV
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
env=$1
out=src/heroes/_docs

# what is handwritten, and what the reference is made from
key=$({
  find docs mkdocs.yml scripts/pages.py scripts/docs.css scripts/search.js scripts/reference.py ui/src/app/tokens.css src/heroes/cli \
    src/heroes/kit/settings.py src/heroes/kit/errors.py src/heroes/identity/rules.py -type f -not -name '*.pyc' -print0
  find src/heroes \( -name 'routes*' -o -path '*/routes/*' -o -name 'schemas*' -o -name '*.schema.json' \) -type f \
    -not -name '*.pyc' -print0
} | sort -zu | xargs -0 sha256sum | sha256sum)
grep -qsxF "$key" $out/.built && exit 0
echo "setup: the documentation"
PYTHONPATH=src PYTHONDONTWRITEBYTECODE=1 "$env/bin/python" scripts/pages.py $out
chmod -R a+rX $out
echo "$key" >$out/.built
