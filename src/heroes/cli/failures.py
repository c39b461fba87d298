"""What a command that did not succeed says, and the exit code that scripts rely on."""

import os
import sys
from typing import Any

from heroes.cli import terminal
from heroes.cli.terminal import say
from heroes.cli.words import amount, clean

ERROR, USAGE, FAILED, SIGN_IN, REFUSED, NO_CLUSTER, TIMEOUT, INTERRUPTED = 1, 2, 3, 4, 5, 6, 7, 130

_BUDGET_CODES = frozenset({"over_budget", "no_budget"})
_BY_STATUS = {401: SIGN_IN, 403: REFUSED, 422: USAGE}
_BY_CODE = {**dict.fromkeys(_BUDGET_CODES, REFUSED), "no_cluster": NO_CLUSTER, "password_change_required": SIGN_IN}


class Stop(Exception):
    """The command ends here; the message names the remedy."""

    def __init__(self, message: str, code: int = ERROR):
        super().__init__(message)
        self.code = code


def sure(question: str, yes: bool) -> None:
    """Return if a person agrees to a removal, or has (`yes`). Raises Stop."""
    if yes:
        return
    if not terminal.interactive():
        raise Stop("There is no terminal to ask: give --yes.", USAGE)
    if not terminal.confirm(question):
        raise Stop("Nothing was removed.")


def code_of(status: int, code: str) -> int:
    """Return the exit code for a refusal of the platform."""
    return _BY_CODE.get(code) or _BY_STATUS.get(status, ERROR)


def tell(error: Exception) -> int:
    """Say on standard error what went wrong and how to go on; return the exit code."""
    from heroes.client import ApiError, Damaged, Unanswered

    match error:
        case ApiError():
            return _refusal(error)
        case Stop(code=code):
            say(f"heroes: {error}")
            return code
        case Unanswered():
            say(f"heroes: {error}\nIs the platform running, and is this its address? Look with: heroes info")
        case Damaged():
            say(f"heroes: {error}")
        case OSError(filename=str() as name, strerror=str() as why):
            say(f"heroes: {clean(name)}: {why}")
        case _:
            if os.environ.get("HEROES_DEBUG"):
                raise error
            say(f"heroes: unexpected {type(error).__name__}: {clean(str(error))}")
            say("This is a fault of the command line; HEROES_DEBUG=1 shows where.")
    return ERROR


def _refusal(error: Any) -> int:
    problem: dict[str, Any] = error.problem
    say(f"heroes: {clean(str(error))}")
    problems = problem.get("problems")
    faults = problems if isinstance(problems, list) else []
    for one in faults:
        say(f"  {_place(one)}{clean(str(one.get('message', '')))}")
    if any(str(one.get("pointer") or "").startswith("/parameters/") for one in faults):
        say("See what it takes with: heroes workflow show NAME")
    if error.code in _BUDGET_CODES:
        facts = [(name, problem.get(name)) for name in ("left", "reserved", "needed")]
        unit = problem.get("currency") or ""
        say("  " + ", ".join(f"{name} {amount(value)} {unit}".strip() for name, value in facts if value is not None))
    discarded = problem.get("discarded")
    if isinstance(discarded, list) and discarded:
        from heroes.cli.ranking import show_discarded

        show_discarded(discarded, sys.stderr)
    code = code_of(error.status, error.code)
    if code == SIGN_IN and error.code != "wrong_credentials":
        say("Sign in with: heroes login")
    if error.request_id:
        say(f"  request {clean(str(error.request_id))}")
    return code


def _place(problem: dict[str, Any]) -> str:
    line = problem.get("line")
    where = f"line {line}, column {problem.get('column', 1)}" if line else ""
    told = " ".join(part for part in (where, clean(str(problem.get("pointer") or ""))) if part)
    return f"{told}: " if told else ""
