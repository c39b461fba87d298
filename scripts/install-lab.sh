#!/bin/bash
# Installs the Debian packages that tests need: the laboratory (tests/lab) and the servers that tests start themselves.
# Idempotent: returns at once when all are there. Run as root, before the laboratory is started: its machines share them.
set -euo pipefail

packages=(
  slurm-wlm slurmctld slurmd slurmdbd slurm-client slurm-wlm-basic-plugins slurm-wlm-mysql-plugin munge mariadb-server
  openssh-server openssh-client iproute2 iptables iputils-ping procps util-linux rsync python3 bubblewrap
  openfoam openmpi-bin tcsh btrfs-progs libfaketime
  gridengine-master gridengine-exec gridengine-client s-nail
  chromium # for the tests of the web pages
  rabbitmq-server
  maven # brings Keycloak, and the Java that it runs on
)

missing=()
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
for package in "${packages[@]}"; do
  grep -qx "$package installed" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "laboratory packages: all ${#packages[@]} installed"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "laboratory packages missing: ${missing[*]}; run as root: scripts/install-lab.sh" >&2
  exit 1
fi

# Packages must not start their daemons on this machine: the laboratory runs its own, inside its machines.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

echo "laboratory packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
echo "gridengine-master shared/gridengineconfig boolean false" | debconf-set-selections # its machine sets it up
log=$(mktemp)
# s-nail is Grid Engine's mail program: without "bsd-mailx-" a whole mail server would come with it
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" bsd-mailx-; } >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "installation failed; full log: $log" >&2
  exit 1
fi
rm -f "$log"
