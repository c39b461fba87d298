"""The verbs of a platform, typed: sign in, run, follow, fetch. What has none is reached by `get`, `post`, `pages`."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from heroes.client.errors import ApiError
from heroes.client.tokens import TokenSet
from heroes.client.wire import Json, Progress, Wire, given

ENDED = frozenset({"FINISHED", "FAILED", "CANCELED"})
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
AUTH = "/organization/auth"
DATA = "/organization/data"
WORKFLOW = "/organization/workflow"
CLUSTER = "/organization/cluster"


class Heroes(Wire):
    """One platform, as one user."""

    @staticmethod
    def at(*parts: str) -> str:
        """Join names into an address, each quoted whole."""
        return "".join(f"/{quote(part, safe='', errors='surrogateescape')}" for part in parts)

    # who

    def login(self, organization: str, username: str, password: str) -> TokenSet:
        """Sign in with a password. Raises ApiError (401) for a wrong one."""
        body = {"organization": organization, "username": username, "password": password}
        return self._keep(self.request("POST", f"{AUTH}/login", signed=False, json=body).json())

    def device_begin(self) -> Json:
        """Begin a sign-in that a person allows on a web page (RFC 8628)."""
        place: Json = self.root("/.well-known/heroes").json()
        form = {"client_id": place["client_id"], "scope": "openid profile email organization"}
        begun: Json = self.form(place["device_authorization_endpoint"], form)
        return {**begun, "place": place}

    def device_wait(self, begun: Json) -> TokenSet | None:
        """Wait until the person has decided, and keep the tokens; None when turned away or too late."""
        pause, until = float(begun.get("interval", 5)), time.monotonic() + float(begun["expires_in"])
        place: Json = begun["place"]
        ask = {"grant_type": DEVICE_GRANT, "device_code": begun["device_code"], "client_id": place["client_id"]}
        while time.monotonic() < until:
            time.sleep(pause)
            answer = self.form(place["token_endpoint"], ask)
            match answer.get("error"):
                case None:
                    return self._keep(answer)
                case "authorization_pending":
                    continue
                case "slow_down":
                    pause += 5
                case _:
                    return None
        return None

    def change_password(self, current: str, new: str) -> None:
        """Set one's own password; the only thing that a one-time password allows. Other sessions end."""
        self.post(f"{AUTH}/password", {"current_password": current, "new_password": new}, once=False)

    def logout(self) -> None:
        """End this session everywhere."""
        tokens = self._keeper.load()
        body = {"refresh_token": tokens.refresh_token} if tokens else None
        self.request("POST", f"{AUTH}/logout", signed=tokens is None, json=body)

    def me(self) -> Json:
        """Return who is signed in, with roles, projects and allowed actions."""
        answer: Json = self.get(f"{AUTH}/me")
        return answer

    # workflows and executions

    def workflows(self) -> Iterator[Json]:
        return self.pages(f"{WORKFLOW}/list")

    def workflow(self, wtid: str, version: str | None = None) -> Json:
        """Return a workflow with its versions, the schema of its parameters and its readme."""
        answer: Json = self.get(f"{WORKFLOW}/template{self.at(wtid)}", version=version)
        return answer

    def validate(self, wtid: str, parameters: Json, version: str | None = None) -> Json:
        """Return the parameters with defaults filled in, and every problem they have; starts nothing."""
        body = given({"parameters": parameters, "version": version})
        answer: Json = self.post(f"{WORKFLOW}/template{self.at(wtid)}/validate", body, once=False)
        return answer

    def publish(self, archive: bytes, *, message: str | None = None, visibility: str | None = None) -> Json:
        """Publish a bundle, a gzipped tar of its folder, as the next version of the workflow that it names."""
        answer: Json = self.request(
            "POST",
            f"{WORKFLOW}/template",
            content=archive,
            headers={"Content-Type": "application/gzip", "Idempotency-Key": str(uuid.uuid4())},
            params=given({"message": message, "visibility": visibility}),
        ).json()
        return answer

    def rank(self, wtid: str, parameters: Json, **wishes: Any) -> Json:
        """Return the ranked clusters, and the discarded ones with their reasons; starts nothing."""
        body = {"wtid": wtid, "parameters": parameters, **given(wishes)}
        answer: Json = self.post("/organization/decision", body, once=False)
        return answer

    def run(self, wtid: str, parameters: Json, **wishes: Any) -> Json:
        """Start an execution and return it; done once however often the network fails."""
        body = {"wtid": wtid, "parameters": parameters, **given(wishes)}
        answer: Json = self.post(f"{WORKFLOW}/submit", body)
        return answer

    def executions(self, **filters: Any) -> Iterator[Json]:
        """Yield executions, newest first."""
        return self.pages(f"{WORKFLOW}/executions", **filters)

    def execution(self, wid: str) -> Json:
        answer: Json = self.get(f"{WORKFLOW}{self.at(wid)}")
        return answer

    def jobs(self, wid: str) -> list[Json]:
        return list(self.pages(f"{WORKFLOW}{self.at(wid)}/jobs"))

    def usage(self, wid: str, *, step: str | None = None, index: int | None = None) -> list[Json]:
        """Return what the jobs of an execution used over time, also after their end, and why not where unknown."""
        return list(self.pages(f"{WORKFLOW}{self.at(wid)}/usage", step=step, index=index))

    def results(self, wid: str) -> list[Json]:
        """Return the declared results, where they lie and what they must hash to."""
        return list(self.pages(f"{WORKFLOW}{self.at(wid)}/results"))

    def cost(self, wid: str) -> Json:
        answer: Json = self.get(f"{WORKFLOW}{self.at(wid)}/cost")
        return answer

    def log(self, wid: str, **which: Any) -> Json:
        """Return at most 64 KiB of what a job printed, from `offset` on."""
        answer: Json = self.get(f"{WORKFLOW}{self.at(wid)}/logs", **which)
        return answer

    def log_lines(self, wid: str, stream: str = "stdout", **which: Any) -> Json:
        """Return numbered lines of what one job printed: `begin`, `limit`, `level` and `search` say which."""
        answer: Json = self.get(f"{WORKFLOW}{self.at(wid)}/logs{self.at(stream)}/lines", **which)
        return answer

    def follow_log(
        self, wid: str, stream: str = "stdout", *, limit: float | None = None, **which: Any
    ) -> Iterator[Json]:
        """Yield what one job prints, piece by piece, until it has ended; `which` may name its `step` and `index`.

        A job that is not there yet is waited for while the execution goes on, at most `limit` seconds: a step's job is
        made when its turn comes. Raises ApiError when it will never be, TimeoutError after `limit`.
        """
        deadline = None if limit is None else time.monotonic() + limit
        hopeless = False
        while True:
            try:
                for piece in self.messages(f"{WORKFLOW}{self.at(wid)}/logs{self.at(stream)}", **which):
                    yield piece
                    if piece["ended"]:
                        return
                return
            except ApiError as error:
                if error.code != "no_job" or hopeless:
                    raise
            # Asked once more even so: the job may have been made, and the execution ended, since the last answer.
            hopeless = not self._may_still_make(wid, which.get("step"))
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"The job of {wid} was not there within {limit:.0f} s; it comes by itself.")
            if not hopeless:
                time.sleep(1)

    def _may_still_make(self, wid: str, step: str | None) -> bool:
        """Say whether a running execution may still make a job, of this step if one is named."""
        found = self.execution(wid)
        return found["status"] not in ENDED and (step is None or any(one["name"] == step for one in found["steps"]))

    def events(self, wid: str | None = None, *, follow: bool = True, after: int | None = None) -> Iterator[Json]:
        """Yield what happens, as CloudEvents: to one execution from its first event until it has ended, else to all.

        Those of the organization begin now, or with what came `after` a number. Without `follow` it ends with what is
        there.
        """
        path = "/organization/events" if wid is None else f"{WORKFLOW}{self.at(wid)}/events"
        return self.messages(path, follow=follow, after=after)

    def cancel(self, wid: str) -> Json:
        answer: Json = self.send("DELETE", f"{WORKFLOW}{self.at(wid)}")
        return answer

    def restart(self, wid: str, *, first: str | None = None, **wishes: Any) -> Json:
        """Run an ended execution again: what failed, or the step `first` and all after it; what finished is kept.

        `wishes`: `resources` (step → resources), `cluster`, `queue`, `max_cost`.
        """
        answer: Json = self.post(f"{WORKFLOW}{self.at(wid)}/restart", given({"from": first, **wishes}))
        return answer

    def attempts(self, wid: str) -> list[Json]:
        """Return every start of every job, oldest first: where, what it asked for, how it ended and why."""
        return list(self.pages(f"{WORKFLOW}{self.at(wid)}/attempts"))

    def follow(self, wid: str, *, every: float = 1.0, limit: float | None = None) -> Iterator[Json]:
        """Yield the execution each time it is looked at, until it has ended; TimeoutError after `limit` seconds."""
        deadline = None if limit is None else time.monotonic() + limit
        while True:
            found = self.execution(wid)
            yield found
            if found["status"] in ENDED:
                return
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"{wid} has not ended within {limit:.0f} s; it goes on by itself.")
            time.sleep(every)

    # data

    def buckets(self) -> Iterator[Json]:
        return self.pages(f"{DATA}/list")

    def objects(self, bucket: str, prefix: str = "", *, recursive: bool = False) -> Iterator[Json]:
        """Yield what a bucket holds; a prefix that ends with a slash means what is in that folder."""
        path = f"{DATA}/bucket{self.at(bucket)}/list"
        return self.pages(path, prefix=prefix or None, bucket_recursive=recursive, limit=1000)

    def object(self, bucket: str, path: str) -> Json:
        answer: Json = self.get(f"{DATA}/object", bucket=bucket, file=path)
        return answer

    def upload(self, source: Path, bucket: str, path: str, progress: Progress | None = None, **facts: Any) -> Json:
        """Send a file; `facts` may name its `mode` (octal text) and `mtime` (ISO 8601)."""
        address = f"{DATA}/bucket{self.at(bucket)}/object/{quote(path, errors='surrogateescape')}"
        return self.send_file(source, address, progress, **facts)

    def download(
        self, bucket: str, path: str, target: Path, *, sha256: str | None = None, progress: Progress | None = None
    ) -> str:
        """Fetch a file and compare its checksum; return its SHA-256. Raises Damaged, and then leaves nothing."""
        return self.fetch_file(f"{DATA}/download", target, sha256=sha256, progress=progress, bucket=bucket, file=path)

    def settled(self, operation: Json, *, every: float = 1.0) -> Json:
        """Wait for a move or delete that goes on by itself; return how it ended."""
        while operation["state"] not in {"done", "failed"}:
            time.sleep(every)
            operation = self.get(f"/organization/operations{self.at(operation['id'])}")
        return operation

    # clusters

    def clusters(self) -> Iterator[Json]:
        return self.pages(f"{CLUSTER}/list")

    def cluster(self, name: str) -> Json:
        answer: Json = self.get(f"{CLUSTER}{self.at(name)}")
        return answer
