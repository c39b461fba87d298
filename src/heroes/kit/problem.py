"""Errors as RFC 9457 `application/problem+json`, one handler for all."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heroes.kit import faults
from heroes.kit.errors import AppError, Conflict, Invalid, NotFound, Refused, SiteError, Unavailable, told
from heroes.kit.ids import new_id

log = structlog.get_logger()

_ALWAYS = {
    "414": "Path and query are too long",
    "431": "There are too many headers",
    "503": "The platform cannot answer now; try again after `Retry-After` seconds",
}
_WITH_BODY = {
    "400": "The body ended early, is nested too deep, or has a text that is none",
    "408": "Nothing came for too long",
    "413": "The body is too large",
}
"""What is told before a route is asked, or instead of it: the same for every operation."""


class Fault(BaseModel):
    """One thing that is wrong with what was sent."""

    pointer: str = Field(description="JSON pointer into what was sent")
    message: str
    code: str | None = Field(default=None, description="what is wrong, for whoever says it in another language")
    facts: dict[str, Any] = Field(default={}, description="with the code: the bounds, names and amounts in the message")
    line: int | None = Field(default=None, description="in a file that was sent, counted from 1")
    column: int | None = None

    model_config = ConfigDict(extra="allow")


class Problem(BaseModel):
    """RFC 9457, with a stable `code` and the id under which the logs know this request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    case: str | None = Field(default=None, description="what exactly, where `code` is a general one such as conflict")
    request_id: str
    problems: list[Fault] | None = Field(default=None, description="with 422: each fault and where it is")

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:heroes:problem:invalid",
                    "title": "Invalid input",
                    "status": 422,
                    "detail": "1 thing must be put right before this can run.",
                    "code": "invalid",
                    "request_id": "req_0123456789",
                    "problems": [
                        {
                            "pointer": "/parameters/panels",
                            "message": "9 is less than the minimum of 10",
                            "code": "too_small",
                            "facts": {"least": 10},
                        }
                    ],
                }
            ]
        },
    )


def problems(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may raise these errors, for the OpenAPI document."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    by_status: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        known = by_status.get(error.status)
        description = f"{known['description']}; {error.title}" if known else error.title
        by_status[error.status] = {"description": description, "model": Problem, "content": content}
    return by_status


MEMBERS = frozenset(Problem.model_fields)


def as_response(request: Request, error: AppError) -> JSONResponse:
    """Return the problem document of one error."""
    body = {
        "type": f"urn:heroes:problem:{error.reason}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.reason,
        "request_id": request_id(request),
        **error.facts,
    }
    return JSONResponse(body, error.status, error.headers, "application/problem+json")


def request_id(request: Request) -> str:
    return str(getattr(request.state, "request_id", "") or new_id("req"))


class Named:
    """Give every request an id: in its logs, its problem document and the header of its answer. Pure ASGI."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = new_id("req")
        scope.setdefault("state", {})["request_id"] = name

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        with structlog.contextvars.bound_contextvars(**{"http.request.id": name}):
            await self._app(scope, receive, named)


def install(app: FastAPI) -> None:
    """Give every request an id and translate every error that leaves a route."""
    app.add_middleware(Named)

    @app.exception_handler(AppError)
    async def app_error(request: Request, error: AppError) -> JSONResponse:
        return as_response(request, error)

    @app.exception_handler(SiteError)
    async def site_error(request: Request, error: SiteError) -> JSONResponse:
        code = "refused_by_site" if isinstance(error, Refused) else "site_unreachable"
        why = told(error)
        facts = {name: value for name, value in why["facts"].items() if name not in MEMBERS}
        return as_response(request, Unavailable(error.detail, code=code, case=why["code"] or code, **facts))

    @app.exception_handler(InterfaceError)
    @app.exception_handler(OperationalError)
    async def database(request: Request, error: InterfaceError | OperationalError) -> JSONResponse:
        log.error("the database did not answer", error=str(error.orig), **{"url.path": request.url.path})
        detail = "The platform's database does not answer now; try again in a moment."
        return as_response(request, Unavailable(detail, code="no_database", headers={"Retry-After": "2"}))

    @app.exception_handler(DataError)
    @app.exception_handler(IntegrityError)
    async def refused_by_database(request: Request, error: DataError | IntegrityError) -> JSONResponse:
        said = str(error.orig).partition("\n")[0]  # further lines hold what was sent
        log.warning("the database refused a request", error=said, **{"url.path": request.url.path})
        return as_response(request, refused(error))

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return as_response(request, misfit(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return as_response(request, as_error(error))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error, **{"url.path": request.url.path})
        return as_response(request, AppError("The platform failed here; its log knows why, under this request id."))


def refused(error: DataError | IntegrityError) -> AppError:
    """Return what the caller is told of a change that the database refused.

    What no column can hold is the caller's own fault; what clashes changed between the look at it and the change.
    """
    if isinstance(error, DataError):
        detail = "Something sent cannot be kept: a number beyond all bounds, or a text with a character of code 0."
        return Invalid(detail, code="unstorable")
    detail = "Another request changed this at the same moment, and this one did nothing; look, then try again."
    return Conflict(detail, code="changed_meanwhile")


def as_error(error: HTTPException) -> AppError:
    """Return the platform's own error for one that the framework raised."""
    if error.status_code == 404:
        return NotFound("There is nothing at this address.", case="no_page")
    if error.status_code == 400:
        return Invalid(
            f"The body cannot be read in the form that its Content-Type tells: {error.detail}.", case="unreadable_body"
        )
    return _plain(error)


def misfit(error: RequestValidationError) -> Invalid:
    """Return what a caller is told of a request that does not fit."""
    return Invalid("The request does not fit the documented form.", found_faults(error), case="see_fields")


def found_faults(error: RequestValidationError) -> list[faults.Fault]:
    """Return what is wrong with a request, each fault with a JSON pointer."""
    return [faults.of_form(item, _within(item["loc"])) for item in error.errors()]


def document(app: FastAPI) -> None:
    """Let the OpenAPI document give errors in the one form that they have, and those that any operation may answer."""
    written = app.openapi

    def openapi() -> dict[str, Any]:
        whole = written()
        common = whole["components"].setdefault("responses", {})
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for status, words in {**_ALWAYS, **_WITH_BODY}.items():
            common[f"Error{status}"] = {"description": words, "content": content}
        for operation in (one for verbs in whole["paths"].values() for one in verbs.values()):
            for status in [*_ALWAYS, *(_WITH_BODY if "requestBody" in operation else ())]:
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Error{status}"})
            for answer in operation["responses"].values():
                if "application/problem+json" in answer.get("content", {}):
                    answer["content"].pop("application/json", None)
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _plain(error: HTTPException) -> AppError:
    class Plain(AppError):
        status, code, title = error.status_code, f"http_{error.status_code}", str(error.detail)

    return Plain(str(error.detail), headers=error.headers)


def _within(location: tuple[Any, ...]) -> tuple[Any, ...]:
    return location[1:] if location and location[0] in {"body", "query", "path", "header"} else location
