"""The web pages: one document with a nonce of its own per answer, and the built files it loads.

The files are made by `make setup` into `heroes/_ui`; a platform without them shows the first steps instead.
"""

import gzip
import mimetypes
import secrets
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from heroes import __version__
from heroes.identity import BROWSER, signs_in_elsewhere
from heroes.kit.errors import NotFound

router = APIRouter(include_in_schema=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"  # their names change with their content

_FIRST_STEPS = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>HEROES</title><body><main><h1>HEROES</h1>
<p>High-performance computing as a service. This platform answers at <code>{address}</code>, version {version}.</p>
<h2>First steps</h2><pre>heroes login
heroes cluster list
heroes workflow list
heroes rank airfoil -p airfoil=home:wing/naca2412.dat
heroes run airfoil -p airfoil=home:wing/naca2412.dat --watch</pre>
<p><a href="/api/docs">The API, call by call</a> · <a href="/api/v1/openapi.json">OpenAPI document</a> ·
<a href="/readyz">Is everything up?</a></p></main></body></html>"""


def install(app: FastAPI) -> None:
    """Add the pages, and let a browser that asks for what is not there be told so by one of them."""
    app.include_router(router)
    otherwise = app.router.default

    async def missing(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive) if scope["type"] == "http" else None
        if request is None or request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            await otherwise(scope, receive, send)
            return
        answer = await page(request)
        answer.status_code = 404
        await answer(scope, receive, send)

    app.router.default = missing


def folder() -> Path:
    """Return where the built pages lie, or would lie."""
    return Path(str(files("heroes"))) / "_ui"


def documents() -> Path:
    """Return where the built documentation lies, or would lie."""
    return Path(str(files("heroes"))) / "_docs"


def built(home: Path) -> dict[str, Path]:
    """Return the files by the path at which they are asked for; only these are ever read."""
    document = home / "index.html"
    return _listed(home, document.stat().st_mtime_ns) if document.is_file() else {}


@cache
def _listed(home: Path, made_at: int) -> dict[str, Path]:
    return {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


@router.get("/assets/{name:path}")
async def asset(name: str, request: Request) -> Response:
    """Give one of the built files."""
    return _file(request, f"assets/{name}", _FOREVER)


@router.get("/theme.js")
@router.get("/again.js")
@router.get("/favicon.svg")
async def plain_file(request: Request) -> Response:
    """Give a file whose name stays while its content changes."""
    return _file(request, request.url.path.removeprefix("/"), "no-cache")


@router.get("/push.js")
async def push_worker(request: Request) -> Response:
    """Give the service worker, which asks nothing but the platform itself."""
    answer = _file(request, "push.js", "no-cache")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer


@router.get("/docs")
async def documentation() -> RedirectResponse:
    """Lead to the documentation."""
    return RedirectResponse("/docs/index.html", headers=GUARDS)


@router.get("/docs/{name:path}")
async def documentation_page(name: str, request: Request) -> Response:
    """Give a page of the documentation, or what belongs to it: no scripts but the theme's and the search's."""
    answer = _file(request, name or "index.html", "no-cache", built(documents()))
    answer.headers["Content-Security-Policy"] = DOCS_POLICY
    return answer


@router.get("/")
@router.get("/sign-in")
@router.get("/password")
@router.get("/o/{rest:path}")
async def page(request: Request) -> HTMLResponse:
    """Give the one document of the web pages; what it shows follows from the address."""
    document = built(folder()).get("index.html")
    if document is None:
        address = escape(request.app.state.settings.address)
        steps = _FIRST_STEPS.format(address=address, version=__version__)
        return HTMLResponse(steps, headers={**GUARDS, "Content-Security-Policy": "default-src 'none'"})
    nonce = secrets.token_urlsafe(16)
    filled = document.read_text().replace("__NONCE__", nonce).replace("__VERSION__", __version__)
    filled = filled.replace("__SESSION__", "yes" if BROWSER in request.cookies else "no")
    filled = filled.replace("__ELSEWHERE__", escape(signs_in_elsewhere(request.app) or ""))
    policy = POLICY.format(nonce=nonce)
    return HTMLResponse(filled, headers={**GUARDS, "Content-Security-Policy": policy, "Cache-Control": "no-store"})


def _file(request: Request, name: str, keep: str, of: Mapping[str, Path] | None = None) -> Response:
    path = (built(folder()) if of is None else of).get(name)
    if path is None:
        raise NotFound("There is nothing at this address.", case="no_page")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {**GUARDS, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(_packed(path), media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(path.read_bytes(), media_type=kind, headers=headers)
