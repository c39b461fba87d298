# Makes OpenFOAM's programs ready, whether they come from Debian's package or from a module of the site.
if ! command -v icoFoam >/dev/null 2>&1 && command -v module >/dev/null 2>&1; then
  module load openfoam || module load OpenFOAM
fi
if ! command -v icoFoam >/dev/null 2>&1; then
  echo "OpenFOAM is not installed on this machine: icoFoam not found" >&2
  exit 127
fi
if [ -z "${WM_PROJECT_DIR:-}" ] && [ -d /usr/share/openfoam ]; then
  export WM_PROJECT_DIR=/usr/share/openfoam
fi
