"""A FirecREST v2 in small: its routes, its answers and its words, over jobs that really run on this machine.

Every request and every answer is held against the interface's published OpenAPI document.
"""

import asyncio
import json
import os
import re
import shlex
import signal
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from heroes.adapters.slurm_text import job_id as parsed

OPENAPI = json.loads((Path(__file__).parents[1] / "fixtures/firecrest/openapi.json").read_text())
SECRET = "the secret"
SYSTEM = "delta"


@dataclass
class Element:
    """One job, or one element of an array."""

    site_id: str
    name: str
    folder: str
    state: str = "PENDING"
    code: int = 0
    signal: int = 0
    start: int | None = None
    end: int | None = None
    process: asyncio.subprocess.Process | None = None


@dataclass
class FakeFirecrest:
    """The server's state. `down`: the scheduler does not answer; `lose`: the answer to the next order is lost."""

    home: Path
    jobs: dict[str, Element] = field(default_factory=dict)
    last: int = 100
    tokens: set[str] = field(default_factory=set)
    asked_tokens: int = 0
    down: bool = False
    lose: bool = False
    requests: list[str] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    # --------------------------------------------------------------------------------------------------- the interface

    @property
    def app(self) -> Starlette:
        jobs, ops = f"/compute/{SYSTEM}/jobs", f"/filesystem/{SYSTEM}/ops"
        routes = [
            Route("/token", self.token, methods=["POST"]),
            self.route("POST", jobs, "/compute/{system_name}/jobs", self.submit),
            self.route("GET", jobs, "/compute/{system_name}/jobs", self.list_jobs),
            self.route("GET", jobs + "/{job_id}", "/compute/{system_name}/jobs/{job_id}", self.show_job),
            self.route("DELETE", jobs + "/{job_id}", "/compute/{system_name}/jobs/{job_id}", self.cancel),
            self.route("GET", "/status/systems", "/status/systems", self.systems),
            self.route("GET", f"/status/{SYSTEM}/nodes", "/status/{system_name}/nodes", self.nodes),
            self.route("GET", f"/status/{SYSTEM}/partitions", "/status/{system_name}/partitions", self.partitions),
        ]
        acts = {"mkdir": "POST", "symlink": "POST", "upload": "POST", "download": "GET", "ls": "GET", "rm": "DELETE"}
        for name, method in (acts | {"chmod": "PUT"}).items():
            documented = f"/filesystem/{{system_name}}/ops/{name}"
            routes.append(self.route(method, f"{ops}/{name}", documented, getattr(self, name)))
        return Starlette(routes=routes)

    def route(self, method: str, path: str, documented: str, act: Any) -> Route:
        operation = OPENAPI["paths"][documented][method.lower()]

        async def answer(request: Request) -> Response:
            self.requests.append(f"{method} {documented}")
            if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return _no(401, "Invalid token")
            known = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
            assert set(request.query_params) <= known, f"not documented: {set(request.query_params) - known}"
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                _check(await request.json(), content["application/json"]["schema"])
            try:
                found: Response = await act(request)
            except OSError as error:
                text = f"Remote process failed with exit status:1 and error message:{error.strerror}"
                return _no(404 if isinstance(error, FileNotFoundError) else 400, text)
            if found.status_code < 400:
                told = operation["responses"][str(found.status_code)]
                schema = told.get("content", {}).get("application/json", {}).get("schema")
                if schema and found.headers.get("content-type") == "application/json":
                    _check(json.loads(bytes(found.body)), schema)
            return found

        return Route(path, answer, methods=[method])

    async def token(self, request: Request) -> Response:
        async with request.form() as sent:
            form = dict(sent)
        self.asked_tokens += 1
        if form.get("client_secret") != SECRET or form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "invalid_client"}, 401)
        made = f"t{self.asked_tokens}"
        self.tokens = {made}
        return JSONResponse({"access_token": made, "expires_in": 300, "token_type": "Bearer"})

    # -------------------------------------------------------------------------------------------------------- the jobs

    async def submit(self, request: Request) -> Response:
        job = (await request.json())["job"]
        if self.down:
            return _no(500, "Unexpected Slurm command response. exit_status:1 std_err:sbatch: error: Batch job "
                       "submission failed: Unable to contact slurm controller (connect failure)")  # fmt: skip
        if job.get("partition") not in (None, "normal"):
            return _no(500, "Unexpected Slurm command response. exit_status:1 std_err:sbatch: error: invalid "
                       f"partition specified: {job['partition']}")  # fmt: skip
        options = [shlex.split(line)[1] for line in re.findall(r"^#SBATCH .*$", job["script"], re.MULTILINE)]
        given = {one.partition("=")[0]: one.partition("=")[2] for one in options}
        self.last += 1
        site_id = str(self.last)
        indexes = _indexes(given["--array"]) if "--array" in given else [None]
        self.last += len(indexes) - 1
        for index in indexes:
            one = Element(site_id if index is None else f"{site_id}_{index}", job["name"], job["workingDirectory"])
            self.jobs[one.site_id] = one
            task = asyncio.create_task(self.run(one, job, index, _seconds(given["--time"])))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        if self.lose:
            self.lose = False
            return _no(408, "Command execution timeout limit exceeded.")
        return JSONResponse({"jobId": site_id}, 201)

    async def run(self, one: Element, job: dict[str, Any], index: int | None, limit: float) -> None:
        paths = [job[name].replace("%a", str(index)) for name in ("standardOutput", "standardError")]
        number = {} if index is None else {"SLURM_ARRAY_TASK_ID": str(index)}
        environment = {"PATH": "/usr/bin:/bin", "SLURM_JOB_CPUS_PER_NODE": "1", "SLURM_JOB_ID": one.site_id, **number}
        script = self.home / f"script-{one.site_id}"
        script.write_text(job["script"])
        with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
            one.process = await asyncio.create_subprocess_exec(
                "/bin/sh", str(script), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True, cwd=one.folder, env=environment | job["env"],
            )  # fmt: skip
        one.start = int(time.time())
        if one.state == "PENDING":
            one.state = "RUNNING"
        else:  # cancelled before it began
            self.kill(one)
        try:
            async with asyncio.timeout(limit):
                await one.process.wait()
        except TimeoutError:
            one.state = "TIMEOUT"
            self.kill(one)
        await one.process.wait()
        code = one.process.returncode or 0
        one.end = max(int(time.time()), one.start + 1)
        one.code, one.signal = (0, -code) if code < 0 else (code, 0)
        if one.state == "RUNNING":
            one.state = "FAILED" if code else "COMPLETED"

    def kill(self, one: Element) -> None:
        if one.process is not None and one.process.returncode is None:
            with suppress(ProcessLookupError):  # it has ended, and the event loop has yet to hear of it
                os.killpg(one.process.pid, signal.SIGKILL)

    async def list_jobs(self, request: Request) -> Response:
        if self.down:
            return _no(500, "Error executing Slurm command.")
        name = request.query_params.get("name")
        return JSONResponse({"jobs": [_shown(one) for one in self.jobs.values() if name in (None, one.name)]})

    async def show_job(self, request: Request) -> Response:
        if self.down:
            return _no(500, "Error executing Slurm command.")
        asked = request.path_params["job_id"]
        assert re.fullmatch("[a-zA-Z0-9]+", asked)
        found = [_shown(one) for one in self.jobs.values() if one.site_id.partition("_")[0] == asked]
        return JSONResponse({"jobs": found}) if found else _no(404, "Job not found.")

    async def cancel(self, request: Request) -> Response:
        asked = request.path_params["job_id"]
        if self.down:
            return _no(500, "Unexpected Slurm command response. exit_status:1 std_err:scancel: error: timed out")
        found = [one for one in self.jobs.values() if one.site_id.partition("_")[0] == asked]
        if not found:
            return _no(500, "Unexpected Slurm command response. exit_status:1 std_err:scancel: error: Kill job error "
                       f"on job id {asked}: Invalid job id specified")  # fmt: skip
        for one in found:
            if one.end is None:
                one.state = "CANCELLED by 1000"
                self.kill(one)
        return Response(status_code=204)

    async def stop(self) -> None:
        for one in self.jobs.values():
            self.kill(one)
        await asyncio.gather(*self.tasks)

    # ---------------------------------------------------------------------------------------------------- the machine

    async def systems(self, request: Request) -> Response:
        return JSONResponse({"systems": [_system()]}, headers={"f7t-appversion": "2.4.1"})

    async def nodes(self, request: Request) -> Response:
        node = {
            "name": "n1",
            "cpus": 4,
            "idleCpus": 4,
            "allocMemory": 8000,
            "state": ["IDLE"],
            "partitions": ["normal"],
        }
        return JSONResponse({"nodes": [node]})

    async def partitions(self, request: Request) -> Response:
        return JSONResponse({"partitions": [{"name": "normal", "cpus": 4, "totalNodes": 1, "partition": "UP"}]})

    # ------------------------------------------------------------------------------------------------------- the files

    async def mkdir(self, request: Request) -> Response:
        asked = await request.json()
        path = Path(asked["path"])
        path.mkdir(parents=asked["parent"], exist_ok=asked["parent"])
        return JSONResponse({"output": _file(path)}, 201)

    async def symlink(self, request: Request) -> Response:
        asked = await request.json()
        Path(asked["linkPath"]).symlink_to(asked["path"])
        return JSONResponse({"output": _file(Path(asked["linkPath"]))}, 201)

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            sent: Any = form["file"]
            (Path(request.query_params["path"]) / sent.filename).write_bytes(await sent.read())
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        return Response(Path(request.query_params["path"]).read_bytes(), media_type="application/octet-stream")

    async def ls(self, request: Request) -> Response:
        path = Path(request.query_params["path"])
        listed = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else [path.lstat() and path]
        return JSONResponse({"output": [_file(one) for one in listed]})

    async def chmod(self, request: Request) -> Response:
        asked = await request.json()
        os.chmod(asked["path"], int(asked["mode"], 8))
        return JSONResponse({"output": _file(Path(asked["path"]))})

    async def rm(self, request: Request) -> Response:
        path = Path(request.query_params["path"])
        process = await asyncio.create_subprocess_exec("rm", "-r", "--", str(path), stderr=asyncio.subprocess.PIPE)
        _, complaint = await process.communicate()
        if process.returncode:
            raise FileNotFoundError(2, complaint.decode())
        return Response(status_code=204)


def _no(status: int, message: str) -> Response:
    return JSONResponse({"errorType": "error", "message": message, "data": None, "user": "lea"}, status)


def _check(value: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": OPENAPI["components"]}
    jsonschema.validate(value, whole, cls=jsonschema.Draft202012Validator)


def _indexes(text: str) -> list[int | None]:
    found = parsed(f"1_[{text}]")
    assert found is not None
    return list(found.indexes)


def _seconds(text: str) -> float:
    days, _, clock = text.rpartition("-")
    hours, minutes, seconds = clock.split(":")
    return int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _shown(one: Element) -> dict[str, Any]:
    elapsed = None if one.start is None else (one.end or int(time.time())) - one.start
    return {
        "jobId": one.site_id,
        "name": one.name,
        "status": {"state": one.state, "stateReason": "None", "exitCode": one.code, "interruptSignal": one.signal},
        "time": {"elapsed": elapsed, "start": one.start, "end": one.end, "suspended": 0, "limit": 3600},
        "allocationNodes": 1,
        "cluster": SYSTEM,
        "nodes": "n1",
        "partition": "normal",
        "user": "lea",
        "workingDirectory": one.folder,
    }


def _file(path: Path) -> dict[str, Any]:
    told = path.lstat()
    kind = "l" if stat.S_ISLNK(told.st_mode) else "d" if stat.S_ISDIR(told.st_mode) else "-"
    return {
        "name": path.name,
        "type": kind,
        "linkTarget": os.readlink(path) if kind == "l" else None,
        "user": "lea",
        "group": "users",
        "permissions": stat.filemode(told.st_mode)[1:],
        "lastModified": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(told.st_mtime)),
        "size": str(told.st_size),
    }


def _system() -> dict[str, Any]:
    return {
        "name": SYSTEM,
        "ssh": {"host": "login.delta.example"},
        "scheduler": {"type": "slurm", "version": "24.05.4"},
        "probing": {"interval": 60, "timeout": 10},
    }
