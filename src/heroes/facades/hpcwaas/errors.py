"""Errors in the form of HPCWaaS: {"errors": [{id, status, title, detail}]}."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException

from heroes.facades.hpcwaas.schemas import Faults
from heroes.kit.errors import AppError, SiteError, Unavailable
from heroes.kit.problem import as_error, misfit, refused


class Gone(AppError):
    """There is nothing more to come; the original's `logs --follow` ends at an error alone."""

    status, code, title = 410, "end_of_logs", "End of the logs"


class WaasRoute(APIRoute):
    """A route whose errors leave it as its clients know them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                return as_response(misfit(error))
            except HTTPException as error:
                return as_response(as_error(error))
            except (DataError, IntegrityError) as error:
                return as_response(refused(error))
            except SiteError as error:
                return as_response(Unavailable(error.detail))
            except AppError as error:
                return as_response(error)

        return handler


def as_response(error: AppError) -> JSONResponse:
    """Return an error, one entry for each of its problems."""
    common = {"id": error.reason, "status": error.status, "title": error.title}
    listed = error.facts.get("problems") or error.facts.get("discarded") or []
    details = [_words(one) for one in listed[:50]] or [error.detail]
    return JSONResponse({"errors": [{**common, "detail": detail} for detail in details]}, error.status, error.headers)


def faults(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may raise these errors."""
    return {error.status: {"model": Faults, "description": error.title} for error in errors}


def _words(fault: dict[str, Any]) -> str:
    if "pointer" in fault:
        return f"{fault['pointer'].removeprefix('/')}: {fault['message']}"
    return " ".join(str(fault[name]) for name in ("cluster", "reason", "cure") if fault.get(name))
