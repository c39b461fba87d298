"""One JSON log format after the Elastic Common Schema; secrets are masked by their type."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from pydantic import SecretBytes, SecretStr

from heroes.kit import shipping


def configure(level: str = "INFO", *, service: str = "heroes") -> None:
    """Send every log line of this process to standard output as ECS JSON, and on to where `shipping` was told."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            mask,
            _ecs(service),
            shipping.ship,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


def mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace every secret value, however deep, by its type's own mask."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    match value:
        case SecretStr() | SecretBytes() | bytes():
            return "**********"
        case dict():
            return {key: _masked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_masked(inner) for inner in value]
        case _:
            return value


def _ecs(service: str) -> Any:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="@timestamp")

    def shape(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event = stamp(logger, method, event)
        event["message"] = event.pop("event", "")
        event["log.level"] = method
        event["service.name"] = service
        event["ecs.version"] = "8.11"
        if "exception" in event:
            event["error.stack_trace"] = event.pop("exception")
        return event

    return shape
