"""The laboratory keeps its own promises: real centres, real faults, nothing of the host in sight."""

import os
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from . import control, keys
from .laboratory import Laboratory
from .machine import STATE

pytestmark = pytest.mark.lab

CENTRES = ("alpha", "beta")
QUICK = ("-o", "ConnectTimeout=2")
BURN = """\
import time
wall, cpu = time.monotonic(), time.process_time()
while time.process_time() - cpu < 1:
    pass
print((time.monotonic() - wall) / (time.process_time() - cpu))
"""


def only_key(folder: Path, key_type: str) -> tuple[str, ...]:
    """Options that offer just this key: a copy, since ssh also offers a certificate that lies beside a key."""
    key = folder / "key"
    key.write_bytes(keys.client_key(key_type).read_bytes())
    key.chmod(0o600)
    return ("-F", "none", "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={STATE}/known_hosts", "-i", str(key))


def submit(lab: Laboratory, centre: str, script: str, *options: str) -> str:
    """Submits a job, waits until the accounting knows its end, and returns its id."""
    command = " ".join(["sbatch", "--parsable", "--output=out-%j", *options])
    job = lab.ssh(centre, command, text=f"#!/bin/sh\n{script}\n").stdout.strip()
    accounted(lab, centre, job, "State")
    return job


def accounted(lab: Laboratory, centre: str, job: str, field: str) -> str:
    """A field of the batch step, once the accounting knows that the job has ended."""
    for _ in range(300):
        rows = lab.ssh(centre, f"sacct -n -P -j {job}.batch -o State,{field}").stdout.split()
        if rows and not rows[0].startswith("RUNNING"):
            return rows[0].split("|")[1]
        time.sleep(0.1)
    raise AssertionError(f"the accounting of {centre} does not show the end of job {job}")


@pytest.mark.parametrize("centre", CENTRES)
def test_an_unprivileged_user_logs_in_and_sees_all_queues_up(laboratory: Laboratory, centre: str) -> None:
    answer = laboratory.ssh(centre, "id -u; sinfo -h -o '%R %a %D'").stdout.splitlines()
    assert int(answer[0]) > 1000
    assert sorted(answer[1:]) == sorted(f"{q.name} up {q.nodes}" for q in laboratory.centre(centre).queues)


@pytest.mark.parametrize("key_type", keys.CLIENT_KEY_TYPES)
def test_every_usual_key_type_opens_an_account(laboratory: Laboratory, key_type: str, tmp_path: Path) -> None:
    answer = laboratory.ssh("10.77.1.2", "whoami", user="alice", options=only_key(tmp_path, key_type))
    assert answer.stdout == "alice\n"


def test_a_certificate_opens_an_account_that_has_no_authorized_key(laboratory: Laboratory) -> None:
    assert laboratory.ssh("alpha", "whoami", user="olga").stdout == "olga\n"


def test_an_account_without_certificate_or_password_stays_closed(laboratory: Laboratory, tmp_path: Path) -> None:
    options = only_key(tmp_path, "ed25519")
    refused = laboratory.ssh("10.77.1.2", "true", user="olga", options=options, check=False)
    assert "Permission denied" in refused.stderr


def test_a_password_is_asked_by_keyboard_interactive_only(laboratory: Laboratory, tmp_path: Path) -> None:
    user, password = laboratory.centre("alpha").password_login
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\necho '{password}'\n")
    ask.chmod(0o700)
    argv = ["ssh", "-F", f"{STATE}/ssh_config", "-o", "BatchMode=no", "-o", "PubkeyAuthentication=no", "-l", user]
    environment = {**os.environ, "SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force"}
    done = subprocess.run([*argv, "alpha", "whoami"], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == f"{user}\n"
    methods = laboratory.ssh("alpha", "true", user=user, options=("-o", "PubkeyAuthentication=no"), check=False)
    assert "(publickey,keyboard-interactive)" in methods.stderr


def test_a_banner_greets_before_the_login(laboratory: Laboratory) -> None:
    assert "authorised use only" in laboratory.ssh("beta", "true", options=("-o", "LogLevel=INFO")).stderr


def test_the_jump_host_reaches_an_address_that_the_host_cannot(laboratory: Laboratory) -> None:
    assert laboratory.ssh("alpha-behind-gate", "hostname").stdout == "alpha\n"
    direct = laboratory.ssh("alpha-behind-gate", "true", options=("-J", "none", *QUICK), check=False)
    assert direct.returncode == 255


@pytest.mark.parametrize("centre", CENTRES)
def test_a_job_completes_and_the_accounting_knows_its_joules(laboratory: Laboratory, centre: str) -> None:
    job = submit(laboratory, centre, "sleep 4")
    assert accounted(laboratory, centre, job, "State") == "COMPLETED"
    assert int(accounted(laboratory, centre, job, "ConsumedEnergyRaw")) > 0


def test_jobs_of_the_slower_centre_take_longer_for_the_same_work(laboratory: Laboratory) -> None:
    job = submit(laboratory, "beta", f"python3 - <<'X'\n{BURN}X")
    assert float(laboratory.ssh("beta", f"cat out-{job}").stdout) > 1.5


def test_a_parallel_openfoam_is_there_for_jobs(laboratory: Laboratory) -> None:
    job = submit(laboratory, "beta", "command -v icoFoam; mpirun --oversubscribe -np 2 hostname", "--ntasks=2")
    assert laboratory.ssh("beta", f"cat out-{job}").stdout == "/usr/bin/icoFoam\nbeta\nbeta\n"


def test_a_gpu_job_gets_its_devices(laboratory: Laboratory) -> None:
    job = submit(laboratory, "alpha", "echo $CUDA_VISIBLE_DEVICES", "--partition=gpu", "--gres=gpu:2")
    assert laboratory.ssh("alpha", f"cat out-{job}").stdout == "0,1\n"


def test_only_the_strict_centre_refuses_a_job_that_can_never_run(laboratory: Laboratory) -> None:
    impossible = "sbatch --parsable -n 9999 --wrap true"
    assert laboratory.ssh("beta", impossible, check=False).returncode == 1
    job = laboratory.ssh("alpha", impossible).stdout.strip()
    laboratory.ssh("alpha", f"scancel {job}")


def test_a_centre_sees_neither_the_hosts_data_nor_a_way_out(laboratory: Laboratory) -> None:
    routes = laboratory.exec("alpha", ["ip", "route"]).stdout
    assert "default" not in routes
    folders = ["/root", "/mnt", "/srv", str(STATE), str(Path(__file__).parent)]
    seen = laboratory.exec("alpha", ["ls", "-A", *folders], check=False)
    assert "id_ed25519" not in seen.stdout
    assert "test_lab.py" not in seen.stdout


def test_a_cut_centre_is_silent_and_answers_again_when_healed(laboratory_alone: Laboratory) -> None:
    with laboratory_alone.fault("cut", "alpha"):
        silent = laboratory_alone.ssh("alpha", "true", options=QUICK, check=False)
        assert "timed out" in silent.stderr
        assert laboratory_alone.ssh("beta", "hostname").stdout == "beta\n"
    assert laboratory_alone.ssh("alpha", "hostname").stdout == "alpha\n"


def test_a_mute_centre_takes_a_job_without_saying_so(laboratory_alone: Laboratory) -> None:
    # The job is sent over a connection that is open already: it waits for its line while the answers are cut off.
    alive = ("-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=3")
    name = f"ghost-{uuid.uuid4().hex}"
    remote = f"echo ready; read line; sbatch --parsable --job-name={name} --wrap true"
    argv = ["ssh", "-F", f"{STATE}/ssh_config", *alive, "alpha", remote]
    client = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert client.stdin is not None
    assert client.stdout is not None
    assert client.stdout.readline() == "ready\n"
    with laboratory_alone.fault("mute", "alpha"):
        answer, _ = client.communicate("go\n", timeout=60)
        assert answer == ""
        assert client.returncode == 255
    jobs = laboratory_alone.ssh("alpha", f"squeue -h -t all --name={name} -o %j").stdout
    assert jobs == f"{name}\n"


def test_a_dropped_port_leaves_the_others_alone(laboratory_alone: Laboratory) -> None:
    with laboratory_alone.fault("drop", "beta", 22):
        assert "timed out" in laboratory_alone.ssh("beta", "true", options=QUICK, check=False).stderr
        subprocess.run(["ping", "-c1", "-W2", "-q", "10.77.2.2"], capture_output=True, check=True)
    assert laboratory_alone.ssh("beta", "hostname").stdout == "beta\n"


def test_a_lossy_line_still_works(laboratory_alone: Laboratory) -> None:
    with laboratory_alone.fault("loss", "alpha", 5):
        assert laboratory_alone.ssh("alpha", "hostname", options=("-o", "ConnectTimeout=30")).stdout == "alpha\n"


def test_a_frozen_scheduler_keeps_callers_waiting(laboratory_alone: Laboratory) -> None:
    with laboratory_alone.fault("freeze", "alpha", "slurmctld"), pytest.raises(subprocess.TimeoutExpired):
        laboratory_alone.ssh("alpha", "squeue", timeout_s=3)
    assert laboratory_alone.ssh("alpha", "squeue -h").returncode == 0


def test_a_changed_host_key_is_noticed_by_a_strict_client(laboratory_alone: Laboratory) -> None:
    with laboratory_alone.fault("host-key", "beta"):
        assert "HOST IDENTIFICATION HAS CHANGED" in laboratory_alone.ssh("beta", "true", check=False).stderr
    assert laboratory_alone.ssh("beta", "hostname").stdout == "beta\n"


def test_a_power_cut_keeps_files_and_accounting(laboratory_alone: Laboratory) -> None:
    job = submit(laboratory_alone, "alpha", "echo kept")
    with laboratory_alone.fault("crash", "alpha"):
        assert laboratory_alone.ssh("alpha", "true", options=QUICK, check=False).returncode == 255
    assert laboratory_alone.ssh("alpha", f"cat out-{job}").stdout == "kept\n"
    assert accounted(laboratory_alone, "alpha", job, "State") == "COMPLETED"
    # Not compared with the earlier id: Slurm saves its state with a delay and may give the same id again.
    assert laboratory_alone.ssh("alpha", "sbatch --parsable --wrap true").stdout.strip().isdigit()


def test_starting_twice_changes_nothing_and_repairs_what_died(laboratory_alone: Laboratory) -> None:
    before = control.MACHINES["beta"].pid1()
    control.MACHINES["gate"].power_off()
    assert control.start() == ["gate"]
    assert control.MACHINES["beta"].pid1() == before
    assert laboratory_alone.ssh("alpha-behind-gate", "hostname").stdout == "alpha\n"
