"""What can go wrong between a client and the platform."""

from typing import Any

import httpx


class Unanswered(Exception):
    """Nobody answered at the platform's address; what was asked may or may not have been done."""


class Damaged(Exception):
    """What arrived is not what the platform holds; nothing was kept of it."""


class ApiError(Exception):
    """The platform's own answer that something cannot be done (RFC 9457): `status`, stable `code`, facts."""

    def __init__(self, status: int, problem: dict[str, Any]):
        super().__init__(problem.get("detail") or problem.get("title") or f"HTTP {status}")
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code") or f"http_{status}")
        self.request_id = problem.get("request_id")

    @classmethod
    def of(cls, response: httpx.Response) -> "ApiError":
        """Read an answer that is not a success; anything but a problem document is shown as it came."""
        if response.is_redirect:
            place = response.headers.get("Location", "nowhere")
            detail = f"{response.url} leads on to {place}: sign in with that address, if you trust it."
            return cls(response.status_code, {"detail": detail})
        try:
            problem = response.json()
        except ValueError:
            problem = {"detail": f"HTTP {response.status_code} from {response.url.host}: {response.text[:300].strip()}"}
        if isinstance(problem, dict) and isinstance(problem.get("errors"), list):  # as HPCWaaS has them
            told = [one for one in problem["errors"] if isinstance(one, dict)]
            words = "; ".join(str(one.get("detail") or one.get("title")) for one in told)
            problem = {"detail": words, "code": told[0].get("id") if told else None}
        return cls(response.status_code, problem if isinstance(problem, dict) else {"detail": str(problem)})
