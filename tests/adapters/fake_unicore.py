"""A UNICORE/X in small: its REST interface over real processes and real files of this machine.

Job descriptions and the properties of jobs and storages are held against the interface's published OpenAPI document.
"""

import asyncio
import base64
import json
import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

OPENAPI = json.loads((Path(__file__).parents[1] / "fixtures/unicore/openapi.json").read_text())
BASE = "/DEMO/rest/core"
URL = f"https://unicore.test{BASE}"
USER, PASSWORD = "lea", "a password"


@dataclass
class FakeUnicore:
    """The server's state. `lose`: the answer to the next job is lost; `refuse`: no commands on the login node."""

    home: Path
    path: str
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    lose: bool = False
    refuse: bool = False
    posted: int = 0

    @property
    def app(self) -> Starlette:
        told = {
            "": [("GET", self.root)],
            "/storages": [("GET", self.storages)],
            "/storages/{id}": [("GET", self.storage)],
            "/storages/{id}/files/{path:path}": [("GET", self.read), ("PUT", self.write)],
            "/jobs": [("POST", self.submit)],
            "/jobs/{id}": [("GET", self.show), ("DELETE", self.forget)],
        }
        for path, acts in told.items():
            documented = OPENAPI["paths"][path.replace(":path", "") or "/"]
            assert {method.lower() for method, _ in acts} <= {*documented, "delete"}
        routes = [
            Route(BASE + path, self.guarded(act), methods=[method])
            for path, acts in told.items()
            for method, act in acts
        ]
        return Starlette(routes=routes)

    def guarded(self, act: Any) -> Any:
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

        async def answer(request: Request) -> Response:
            if request.headers.get("authorization") != wanted:
                return JSONResponse({"status": 401, "errorMessage": "no"}, 401)
            found: Response = await act(request)
            return found

        return answer

    async def root(self, request: Request) -> Response:
        links = {name: {"href": f"{URL}/{name}"} for name in ("jobs", "storages")}
        client = {"dn": "CN=Lea", "role": {"selected": "user"}, "xlogin": {"UID": "lea"}}
        return JSONResponse({"client": client, "_links": links})

    # ------------------------------------------------------------------------------------------------------- commands

    async def submit(self, request: Request) -> Response:
        asked = await request.json()
        _check(asked, OPENAPI["components"]["schemas"]["job_description"])
        assert asked["Job type"] == "ON_LOGIN_NODE"
        if self.refuse:
            return JSONResponse({"status": 400, "errorMessage": "Interactive jobs are disabled."}, 400)
        self.posted += 1
        job = uuid.uuid4().hex
        folder = self.home / job
        folder.mkdir(parents=True)
        for one in asked["Imports"]:
            (folder / one["To"]).write_text("\n".join(one["Data"]) + "\n")
        self.jobs[job] = {"status": "QUEUED", "statusMessage": "", "jobType": "ON_LOGIN_NODE", "name": asked["Name"]}
        task = asyncio.create_task(self.run(job, asked["Executable"], folder))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if self.lose:
            self.lose = False
            return Response(status_code=504)
        return Response(status_code=201, headers={"Location": f"{URL}/jobs/{job}"})

    async def run(self, job: str, command: str, folder: Path) -> None:
        environment = {"PATH": self.path, "HOME": str(self.home)}
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", command, cwd=folder, env=environment, start_new_session=True
        )
        self.processes[job] = process
        if job not in self.jobs:  # removed before it began
            _kill(process)
        code = await process.wait()
        if job in self.jobs:
            self.jobs[job] |= {"status": "SUCCESSFUL", "exitCode": str(code if code >= 0 else 128 - code)}

    async def show(self, request: Request) -> Response:
        job = request.path_params["id"]
        if job not in self.jobs:
            return JSONResponse({"errorMessage": "not found"}, 404)
        links = {"self": {"href": f"{URL}/jobs/{job}"}, "workingDirectory": {"href": f"{URL}/storages/{job}-uspace"}}
        told = {**self.jobs[job], "_links": links}
        _check(told, OPENAPI["components"]["responses"]["job_properties"])
        return JSONResponse(told)

    async def forget(self, request: Request) -> Response:
        job = request.path_params["id"]
        process = self.processes.get(job)
        if process is not None:
            _kill(process)
        self.jobs.pop(job, None)
        shutil.rmtree(self.home / job, ignore_errors=True)
        return Response(status_code=204)

    # ---------------------------------------------------------------------------------------------------------- files

    def mount(self, name: str) -> Path:
        return self.home / name.removesuffix("-uspace") if name.endswith("-uspace") else Path("/")

    async def storages(self, request: Request) -> Response:
        told = {"storages": [f"{URL}/storages/ROOT"], "_links": {}}
        _check(told, OPENAPI["components"]["responses"]["storages_list"])
        return JSONResponse(told)

    async def storage(self, request: Request) -> Response:
        told = {"mountPoint": f"{self.mount(request.path_params['id'])}"}
        _check(told, OPENAPI["components"]["responses"]["storage_properties"])
        return JSONResponse(told)

    def file(self, request: Request) -> Path:
        raw = request.scope["raw_path"].decode().partition("/files/")[2]
        name = unquote(raw, errors="surrogateescape")
        return self.mount(request.path_params["id"]) / name.lstrip("/")

    async def read(self, request: Request) -> Response:
        assert request.headers["accept"] == "application/octet-stream"
        try:
            data = self.file(request).read_bytes()
        except OSError as error:
            return JSONResponse({"errorMessage": str(error.strerror)}, 404 if error.errno == 2 else 500)
        wanted = request.headers.get("range")
        if wanted is None:
            return Response(data, media_type="application/octet-stream")
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        return Response(data[int(first) : int(last) + 1 if last else None], 206, media_type="application/octet-stream")

    async def write(self, request: Request) -> Response:
        try:
            self.file(request).write_bytes(await request.body())
        except OSError as error:
            return JSONResponse({"errorMessage": str(error.strerror)}, 500)
        return Response(status_code=204)

    async def stop(self) -> None:
        for process in self.processes.values():
            _kill(process)
        await asyncio.gather(*self.tasks)


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):  # it has ended, and the event loop has yet to hear of it
            os.killpg(process.pid, 9)


def _check(value: Any, schema: dict[str, Any]) -> None:
    text = json.dumps({**schema, "components": OPENAPI["components"]})
    jsonschema.validate(value, json.loads(text), cls=jsonschema.Draft4Validator)
