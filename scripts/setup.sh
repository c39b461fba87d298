#!/bin/bash
# Makes the environment `.venv` from the lock files, with `heroes` in it. A second call is quick.
#   scripts/setup.sh run    what the platform needs
#   scripts/setup.sh dev    and what tests, checks and docs need
# An ordinary user gets a folder `.venv`. For root it is a link to a folder below /var/lib/heroes/app, since the platform
# then runs as the system user `heroes`, who cannot look below /root; nor can it read a clone there, so it gets a copy.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
what=${1:-run}
lock=requirements.txt
[ "$what" = dev ] && lock=requirements-dev.txt
account=heroes
apps=/var/lib/heroes/app

exec 9<pyproject.toml
flock 9 # one setup at a time

is_root() { [ "$(id -u)" -eq 0 ]; }

as_platform() { # run a command as whoever runs the platform
  if is_root; then (cd / && runuser -u "$account" -- "$@"); else "$@"; fi
}

if is_root && ! id -u "$account" >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --home-dir /var/lib/heroes --shell /usr/sbin/nologin "$account"
fi

# What the machine must have; everything that is missing is named at once, with its cure.
missing=()
command -v git >/dev/null || missing+=("git is missing: install it (Debian: apt install git)")
python='' without_venv='' names=(python3 python3.14 python3.13 python3.12 python3.11)
candidates=("${names[@]}")
is_root && candidates=("${names[@]/#//usr/bin/}" "${names[@]/#//usr/local/bin/}" "${names[@]}")
for name in "${candidates[@]}"; do
  path=$(command -v "$name" || true)
  [ -n "$path" ] || continue
  as_platform "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  if as_platform "$path" -c 'import venv, ensurepip' 2>/dev/null; then
    python=$path
    break
  fi
  without_venv=${without_venv:-$path}
done
if [ -z "$python" ] && [ -n "$without_venv" ]; then
  missing+=("$without_venv has no venv module: install it (Debian: apt install python3-venv)")
elif [ -z "$python" ] && is_root; then
  missing+=("Python 3.11 or newer, outside of /root, is missing: install it (Debian: apt install python3 python3-venv)")
elif [ -z "$python" ]; then
  missing+=("Python 3.11 or newer is missing: install it (Debian 12 or newer: apt install python3 python3-venv)")
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'setup: %s\n' "${missing[@]}" >&2
  exit 1
fi

version=$("$python" -c 'import sys; print(sys.executable, *sys.version_info[:3])')
locks=$(cat requirements*.txt)
if is_root; then
  env=$apps/$(printf '%s\n' "$PWD" "$version" "$locks" | sha256sum | cut -c1-16)
else
  env=$PWD/.venv
  if [ -L .venv ]; then
    echo "setup: .venv was made by root: remove it (rm $PWD/.venv), then try again" >&2
    exit 1
  fi
fi

stamp=$env/.packages
key=$(printf '%s\n' "$version" "$(cat requirements-setup.txt $lock)" | sha256sum | cut -c1-32)
if ! grep -qsx "$what $key" "$stamp"; then
  echo "setup: packages for $what with $python"
  if ! grep -qsxF "$version" "$env/.python"; then
    rm -rf "$env"
    mkdir -p "$(dirname "$env")"
    "$python" -m venv "$env"
    echo "$version" >"$env/.python"
  fi
  pip=("$env/bin/python" -m pip --disable-pip-version-check --quiet)
  "${pip[@]}" install --require-hashes -r requirements-setup.txt
  # uv takes a mirror or certificate from pip's settings, as whoever set up this machine expects.
  index=${PIP_INDEX_URL:-$("${pip[@]}" config get global.index-url 2>/dev/null || true)}
  [ -z "$index" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
  [ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE=${SSL_CERT_FILE:-$PIP_CERT}
  "$env/bin/uv" pip install --system-certs --quiet --python "$env/bin/python" --compile-bytecode --require-hashes -r $lock ||
    "${pip[@]}" install --require-hashes -r $lock
  echo "$what $key" >>"$stamp"
  if [ "$what" = dev ]; then # more than what `run` needs
    echo "run $(printf '%s\n' "$version" "$(cat requirements-setup.txt requirements.txt)" | sha256sum | cut -c1-32)" >>"$stamp"
  fi
fi

if is_root && [ "$(readlink .venv || true)" != "$env" ]; then
  rm -rf .venv
  ln -s "$env" .venv
fi

# The web pages. Without them the platform runs all the same, so a failure is told and not the end; but not in CI.
if ! scripts/build-ui.sh "$env"; then
  echo "setup: the web pages could not be built (see above); the platform starts without them" >&2
  [ "${CI:-}" != true ] || exit 1
fi

# The documentation that the platform serves; likewise.
if ! scripts/build-docs.sh "$env"; then
  echo "setup: the documentation could not be built (see above); the platform starts without it" >&2
  [ "${CI:-}" != true ] || exit 1
fi

# `heroes` itself: the sources where whoever runs the platform can read them, else a copy that follows them.
install=("$env/bin/uv" pip install --quiet --offline --python "$env/bin/python" --no-deps --no-build-isolation)
if as_platform test -r "$PWD/src/heroes/__init__.py"; then
  key="here $PWD $(sha256sum <pyproject.toml)"
  install+=(--editable .)
else
  key="copy $(find pyproject.toml README.md src migrations examples -type f -not -name '*.pyc' -print0 | sort -z |
    xargs -0 sha256sum | sha256sum)"
  install+=(--compile-bytecode --reinstall-package heroes .)
fi
if ! grep -qsxF "$key" "$env/.heroes"; then
  "${install[@]}"
  echo "$key" >"$env/.heroes"
fi
