"""Webhooks: HTTP to addresses that users name, judged before they are called, never past a timeout.

Redirects are not followed, the body of the answer is not read.
"""

import asyncio
from collections.abc import Mapping

import httpx

from heroes.adapters.guarded import Guarded
from heroes.adapters.rest import words
from heroes.kit.errors import Refused, Unreachable

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0  # seconds


async def post(url: str, *, body: bytes, headers: Mapping[str, str], private: bool = False) -> int:
    """Send a body and return the status of the answer. Raises Unreachable, and Refused for a closed address."""
    return (await answered(url, body=body, headers=headers, private=private)).status_code


async def answered(url: str, *, body: bytes, headers: Mapping[str, str], private: bool = False) -> httpx.Response:
    """Send a body and return the head of the answer. Raises Unreachable, and Refused for a closed address."""
    wait = httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN)
    guarded = Guarded(private=private, allowed_by="HEROES_WEBHOOK_PRIVATE")
    try:
        async with (
            asyncio.timeout(ANSWER_WITHIN),
            httpx.AsyncClient(transport=guarded, timeout=wait) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            return answer
    except TimeoutError:
        raise Unreachable(
            f"No answer within {ANSWER_WITHIN:.0f} s.", code="no_answer_within", seconds=ANSWER_WITHIN
        ) from None
    except httpx.InvalidURL as error:
        raise Refused(f"This is no address: {error}", code="no_url", why=str(error)) from None
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise Unreachable(f"No connection: {words(error)}.", code="no_connection", why=words(error)) from None
    except httpx.HTTPError as error:
        raise Unreachable(f"No answer: {words(error)}.", code="no_answer", why=words(error)) from None
