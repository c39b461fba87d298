"""A small typed client over HTTP: one method per verb, pages followed, files streamed, checksums compared."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from heroes.client.errors import ApiError, Unanswered

Json = dict[str, Any]
Progress = Callable[[int], None]
ENDED = frozenset({"FINISHED", "FAILED", "CANCELED"})
CHUNK = 1 << 20
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What a login gives; times are seconds since 1970."""

    access_token: str
    refresh_token: str
    expires_at: float
    refresh_expires_at: float

    @classmethod
    def of(cls, answer: Json, now: float) -> "TokenSet":
        return cls(
            answer["access_token"],
            answer["refresh_token"],
            now + float(answer["expires_in"]),
            now + float(answer["refresh_expires_in"]),
        )


class Heroes:
    """One platform, as one user. `renewed` is called with each new token set, so that a program can keep it."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        tokens: TokenSet | None = None,
        renewed: Callable[[TokenSet], None] | None = None,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ):
        self.url = url.rstrip("/")
        self._token = token
        self._tokens = tokens
        self._renewed = renewed
        self._http = httpx.Client(base_url=f"{self.url}/api/v1", timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # requests

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request, signed in. Raises ApiError for a refusal, Unanswered when nobody is there."""
        self._refresh()
        return self._send(method, path, **options)

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of one address below `/api/v1`."""
        return self.request("GET", path, params=_given(params)).json()

    def post(self, path: str, body: Any = None, *, once: bool = True, **params: Any) -> Any:
        """Send JSON; `once` adds an idempotency key, under which one retry after a lost answer is safe."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if once else {}
        options: Json = {"json": body, "params": _given(params), "headers": headers}
        try:
            response = self.request("POST", path, **options)
        except Unanswered:
            if not once:
                raise
            response = self.request("POST", path, **options)
        return response.json() if response.content else None

    def pages(self, path: str, **params: Any) -> Iterator[Json]:
        """Yield every item of a list, page after page."""
        address: str | None = path
        while address:
            response = self.request("GET", address, params=_given(params) if address == path else None)
            yield from response.json()
            found = _NEXT.search(response.headers.get("Link", ""))
            address = found[1].removeprefix("/api/v1") if found else None

    def _send(self, method: str, path: str, *, signed: bool = True, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", None) or {})
        token = self._tokens.access_token if self._tokens else self._token
        if signed and token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            response = self._http.request(method, path, headers=headers, **options)
        except httpx.TransportError as error:
            raise Unanswered(f"{self.url} does not answer: {error}") from None
        if response.is_error:
            raise ApiError.of(response)
        return response

    def _refresh(self) -> None:
        if self._tokens is None or time.time() < self._tokens.expires_at - 30:
            return
        body = {"refresh_token": self._tokens.refresh_token}
        answer = self._send("POST", "/organization/auth/refresh", signed=False, json=body).json()
        self._keep(answer)

    def _keep(self, answer: Json) -> TokenSet:
        self._tokens = TokenSet.of(answer, time.time())
        if self._renewed:
            self._renewed(self._tokens)
        return self._tokens

    # who

    def login(self, organization: str, username: str, password: str) -> TokenSet:
        """Sign in with a password. Raises ApiError (401) for a wrong one."""
        body = {"organization": organization, "username": username, "password": password}
        return self._keep(self._send("POST", "/organization/auth/login", signed=False, json=body).json())

    def logout(self) -> None:
        """End this session everywhere."""
        body = {"refresh_token": self._tokens.refresh_token} if self._tokens else None
        self._send("POST", "/organization/auth/logout", json=body)

    def me(self) -> Json:
        """Return who is signed in, with roles, projects and allowed actions."""
        answer: Json = self.get("/organization/auth/me")
        return answer

    # workflows and executions

    def workflows(self) -> Iterator[Json]:
        return self.pages("/organization/workflow/list")

    def workflow(self, wtid: str) -> Json:
        """Return a workflow with its versions, the schema of its parameters and its readme."""
        answer: Json = self.get(f"/organization/workflow/template/{quote(wtid, safe='')}")
        return answer

    def rank(self, wtid: str, parameters: Json, **wishes: Any) -> Json:
        """Return the ranked clusters, and the discarded ones with their reasons; starts nothing."""
        answer: Json = self.post(
            "/organization/decision", {"wtid": wtid, "parameters": parameters, **_given(wishes)}, once=False
        )
        return answer

    def run(self, wtid: str, parameters: Json, **wishes: Any) -> Json:
        """Start an execution and return it; done once however often the network fails."""
        body = {"wtid": wtid, "parameters": parameters, **_given(wishes)}
        answer: Json = self.post("/organization/workflow/submit", body)
        return answer

    def executions(self, **filters: Any) -> Iterator[Json]:
        return self.pages("/organization/workflow/executions", **filters)

    def execution(self, wid: str) -> Json:
        answer: Json = self.get(f"/organization/workflow/{quote(wid, safe='')}")
        return answer

    def jobs(self, wid: str) -> list[Json]:
        answer: list[Json] = self.get(f"/organization/workflow/{quote(wid, safe='')}/jobs")
        return answer

    def results(self, wid: str) -> list[Json]:
        answer: list[Json] = self.get(f"/organization/workflow/{quote(wid, safe='')}/results")
        return answer

    def cost(self, wid: str) -> Json:
        answer: Json = self.get(f"/organization/workflow/{quote(wid, safe='')}/cost")
        return answer

    def log(self, wid: str, **which: Any) -> Json:
        """Return at most 64 KiB of what a job printed, from `offset` on."""
        answer: Json = self.get(f"/organization/workflow/{quote(wid, safe='')}/logs", **which)
        return answer

    def cancel(self, wid: str) -> Json:
        answer: Json = self.request("DELETE", f"/organization/workflow/{quote(wid, safe='')}").json()
        return answer

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
        return self.pages("/organization/data/list")

    def objects(self, bucket: str, prefix: str = "", *, recursive: bool = False) -> Iterator[Json]:
        path = f"/organization/data/bucket/{quote(bucket, safe='')}/list"
        return self.pages(path, prefix=prefix or None, bucket_recursive=recursive)

    def upload(self, source: Path, bucket: str, path: str, progress: Progress | None = None) -> Json:
        """Send a file; its SHA-256 travels along, so a damaged upload leaves no object."""
        digest = _sha256(source)
        address = f"/organization/data/bucket/{quote(bucket, safe='')}/object/{quote(path)}"
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(source.stat().st_size),
            "X-Content-Sha256": digest,
        }
        answer: Json = self.request(
            "PUT", address, content=_read(source, progress), headers=headers, timeout=httpx.Timeout(60, read=600)
        ).json()
        return answer

    def download(
        self, bucket: str, path: str, target: Path, *, sha256: str | None = None, progress: Progress | None = None
    ) -> str:
        """Fetch a file beside its place, compare its checksum, then name it. Return its SHA-256.

        Raises ValueError when what arrived is not what the platform holds.
        """
        self._refresh()
        token = self._tokens.access_token if self._tokens else self._token
        part = target.with_name(f".{target.name}.part")
        digest = hashlib.sha256()
        stream = self._http.stream(
            "GET",
            "/organization/data/download",
            params={"bucket": bucket, "file": path},
            headers={"Authorization": f"Bearer {token}"},
        )
        try:
            with stream as response, part.open("wb") as file:
                if response.is_error:
                    response.read()
                    raise ApiError.of(response)
                for chunk in response.iter_bytes(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                    if progress:
                        progress(len(chunk))
            if sha256 is not None and digest.hexdigest() != sha256:
                raise ValueError(f"{path}: what arrived differs from what the platform holds; fetch it again.")
            part.replace(target)
        except httpx.TransportError as error:
            raise Unanswered(f"{self.url} does not answer: {error}") from None
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest()

    # clusters

    def clusters(self) -> Iterator[Json]:
        return self.pages("/organization/cluster/list")

    def cluster(self, name: str) -> Json:
        answer: Json = self.get(f"/organization/cluster/{quote(name, safe='')}")
        return answer


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, progress: Progress | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            if progress:
                progress(len(chunk))
