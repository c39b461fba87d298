"""Requests to one platform: signed, refreshed, refused in its own words, pages followed, files streamed."""

import base64
import hashlib
import json
import os
import re
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from heroes.client.errors import ApiError, Damaged, Unanswered
from heroes.client.tokens import Keeper, Memory, TokenSet

Json = dict[str, Any]
Progress = Callable[[int], None]
BASE = "/api/v1"
CHUNK = 1 << 20
SILENCE = 45.0
"""Seconds without any sign of life after which an event stream is opened anew."""
CUTS = 4
"""How often a download is begun or taken up again before it fails; silences in a row that an event stream outlasts."""
PATIENCE, SOON = 4, 5
"""How often, and within how many seconds, a request is repeated that came too soon."""
TOO_SOON = frozenset({409, 429})  # with Retry-After: its first try is still being done; too many
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class Wire:
    """The way to one platform, as one user: with a `token`, or with a token set that `keeper` keeps."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        keeper: Keeper | None = None,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ):
        self.url = url.rstrip("/")
        self._token = token
        self._keeper: Keeper = keeper or Memory()
        self._http = httpx.Client(base_url=f"{self.url}{BASE}", timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def request(self, method: str, path: str, *, signed: bool = True, **options: Any) -> httpx.Response:
        """Send one request; `path` is an address below `/api/v1`. Raises ApiError, Unanswered.

        A request that came too soon is sent again when the platform says, a few times and if that is soon.
        """
        headers = {**(self._signature() if signed else {}), **(options.pop("headers", None) or {})}
        for left in reversed(range(PATIENCE)):
            try:
                response = self._http.request(method, _own(path), headers=headers, **options)
            except httpx.TransportError as error:
                raise self._unanswered(error) from None
            soon = _seconds(response)
            too_soon = response.status_code in TOO_SOON and soon <= SOON
            if not too_soon or not left or isinstance(options.get("content"), Iterator):
                break
            time.sleep(soon)
        if not response.is_success:
            raise ApiError.of(response)
        return response

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON of one address."""
        return self.request("GET", path, params=given(params)).json()

    def post(self, path: str, body: Any = None, *, once: bool = True, **params: Any) -> Any:
        """Send JSON; `once` adds an idempotency key, under which one retry after a lost answer is safe."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if once else {}
        options: Json = {"json": body, "params": given(params), "headers": headers}
        try:
            return _json(self.request("POST", path, **options))
        except Unanswered:
            if not once:
                raise
        return _json(self.request("POST", path, **options))

    def send(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """Send JSON by PUT, PATCH or DELETE; return the JSON of the answer, if there is one."""
        options: Json = {"params": given(params), **({} if body is None else {"json": body})}
        return _json(self.request(method, path, **options))

    def pages(self, path: str, **params: Any) -> Iterator[Json]:
        """Yield every item of a list, page after page."""
        address, query = path, given(params)
        while address:
            response = self.request("GET", address, params=query or None)
            yield from response.json()
            found = _NEXT.search(response.headers.get("Link", ""))
            address, query = (found[1].rpartition(BASE)[2] if found else ""), {}

    def messages(self, path: str, *, follow: bool = True, **params: Any) -> Iterator[Json]:
        """Yield the messages of an event stream; one that is cut goes on after the last message that came.

        Without `follow` it ends with what is there. Raises ApiError, and Unanswered after several silences in a row.
        """
        stream = _Messages({**given(params), "follow": follow})
        while not stream.over:
            try:
                yield from self._messages(path, stream)
            except Unanswered:
                stream.silences += 1
                if not follow or stream.silences > CUTS:
                    raise
            if not follow:
                return
            time.sleep(2**stream.silences)

    def _messages(self, path: str, stream: "_Messages") -> Iterator[Json]:
        headers = {**self._signature(), **stream.begin()}
        try:
            with self._http.stream(
                "GET", _own(path), params=stream.params, headers=headers, timeout=httpx.Timeout(60, read=SILENCE)
            ) as response:
                if not response.is_success:
                    response.read()
                    raise ApiError.of(response)
                stream.over = response.status_code == 204
                for line in response.iter_lines():
                    stream.silences = 0
                    if message := stream.read(line):
                        yield message
        except httpx.TransportError as error:
            raise self._unanswered(error) from None

    def form(self, address: str, fields: Json) -> Json:
        """Send a form to a whole address, unsigned; any status is an answer. Raises Unanswered."""
        try:
            answer: Json = self._http.post(address, data=fields).json()
        except (httpx.TransportError, ValueError) as error:
            raise Unanswered(f"{address} does not answer: {str(error) or type(error).__name__}") from None
        return answer

    def root(self, path: str) -> httpx.Response:
        """Ask what lies outside the API, such as `/readyz`; any status is an answer. Raises Unanswered."""
        try:
            return self._http.get(f"{self.url}{path}")
        except httpx.TransportError as error:
            raise self._unanswered(error) from None

    # signing

    def _signature(self) -> dict[str, str]:
        if self._token:
            return {"Authorization": f"Bearer {self._token}"}
        tokens = self._keeper.load()
        if tokens is None:
            return {}
        return {"Authorization": f"Bearer {self._current(tokens).access_token}"}

    def _current(self, tokens: TokenSet) -> TokenSet:
        if tokens.fresh(time.time()):
            return tokens
        with self._keeper.lock():
            kept = self._keeper.load() or tokens
            if kept.fresh(time.time()):
                return kept
            body = {"refresh_token": kept.refresh_token}
            answer = self.request("POST", "/organization/auth/refresh", signed=False, json=body).json()
            return self._keep(answer)

    def _keep(self, answer: Json) -> TokenSet:
        tokens = TokenSet.of(answer, time.time())
        self._keeper.save(tokens)
        return tokens

    def _unanswered(self, error: Exception) -> Unanswered:
        return Unanswered(f"{self.url} does not answer: {str(error) or type(error).__name__}")

    # files

    def send_file(self, source: Path, path: str, progress: Progress | None = None, **params: Any) -> Json:
        """Store a file at an address; its SHA-256 travels along, so a damaged upload leaves no object."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(source.stat().st_size),
            "Content-Digest": f"sha-256=:{base64.b64encode(sha256_of(source).digest()).decode()}:",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        patience = httpx.Timeout(60, read=600)  # a large file is synced to disk before the answer comes
        content = _read(source, progress)
        answer: Json = self.request(
            "PUT", path, content=content, headers=headers, params=given(params), timeout=patience
        ).json()
        return answer

    def fetch_file(
        self, path: str, target: Path, *, sha256: str | None = None, progress: Progress | None = None, **params: Any
    ) -> str:
        """Fetch a file beside its place, compare its checksum, then name it. Return its SHA-256.

        A cut download is taken up where it stopped. Raises Damaged when what arrived is not what the platform holds.
        """
        handle, name = tempfile.mkstemp(prefix=".heroes-", dir=target.parent)
        part = Path(name)
        digest = hashlib.sha256()
        try:
            with os.fdopen(handle, "wb") as file:
                for left in reversed(range(CUTS)):
                    try:
                        for chunk in self._stream(path, given(params), file.tell()):
                            digest.update(chunk)
                            file.write(chunk)
                            if progress:
                                progress(len(chunk))
                        break
                    except Unanswered:
                        if not left:
                            raise
                        time.sleep(1)
            if sha256 is not None and digest.hexdigest() != sha256:
                raise Damaged(f"{target.name}: what arrived differs from what the platform holds; fetch it again.")
            part.chmod(0o666 & ~_umask())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest()

    def _stream(self, path: str, params: Json, start: int) -> Iterator[bytes]:
        headers = {**self._signature(), **({"Range": f"bytes={start}-"} if start else {})}
        try:
            with self._http.stream("GET", _own(path), params=params, headers=headers) as response:
                if start and response.status_code != 206:
                    response.read()
                    raise Damaged("The download was cut and cannot be taken up again; begin anew.")
                if not response.is_success:
                    response.read()
                    raise ApiError.of(response)
                yield from response.iter_bytes(CHUNK)
        except httpx.TransportError as error:
            raise self._unanswered(error) from None


class _Messages:
    """Where the reading of an event stream stands."""

    def __init__(self, params: Json):
        self.params = params
        self.over = False
        self.silences = 0
        self.last: str | None = None
        self._id: str | None = None
        self._data: list[str] = []

    def begin(self) -> dict[str, str]:
        """Forget the half of a message; return the headers that ask for what comes after the last whole one."""
        self._id, self._data = None, []
        return {"Last-Event-ID": self.last} if self.last else {}

    def read(self, line: str) -> Json | None:
        """Take one line; return the message that it ends."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id":
            self._id = value
        if line or not self._data:
            return None
        text, self._data = "\n".join(self._data), []
        self.last = self._id or self.last
        message: Json = json.loads(text)
        return message


def given(values: Json) -> Json:
    """Return what is not None."""
    return {name: value for name, value in values.items() if value is not None}


def sha256_of(path: Path) -> Any:
    """Return the SHA-256 of a file, as hashlib gives it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


def _own(path: str) -> str:
    # A whole address would take the token to another host.
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"{path!r} is no path of the platform; it begins with one slash.")
    return path


def _seconds(response: httpx.Response) -> int:
    """Return after how many seconds the platform wants to be asked again."""
    after = response.headers.get("Retry-After", "")
    return int(after) if after.isdigit() else SOON + 1


def _json(response: httpx.Response) -> Any:
    return response.json() if response.content else None


def _read(path: Path, progress: Progress | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            if progress:
                progress(len(chunk))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
