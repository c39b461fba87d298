"""The words of mails and notices, in the languages that there are. What a site said stays as it said it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Language = Literal["en", "de"]
USUAL: Language = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one language; `{}` are filled in."""

    moment: str
    point: str
    """between whole numbers and decimals"""
    labels: Mapping[str, str]
    kinds: Mapping[str, str]
    limit: str
    threshold: str
    budget: str
    then: Mapping[str, str]
    ended: Mapping[str, str]
    unmeasured: str
    look: str
    unwish: str
    arrives: str
    """in a notice that somebody sent to try"""


_ENGLISH = Words(
    moment="%Y-%m-%d %H:%M UTC",
    point=".",
    labels={},
    kinds={},
    limit="has reached its limit of {} %",
    threshold="is taken to {} %",
    budget="At {at}, {name} {words}.",
    then={
        "warn": "Nothing else happens: the budget pays until it is used up.",
        "stop_new": "Nothing new begins on it; what runs goes on.",
        "cancel_running": "Nothing new begins on it, and what runs on it is cancelled.",
    },
    ended={"FINISHED": "has finished", "FAILED": "has failed", "CANCELED": "was cancelled"},
    unmeasured="not measured",
    look="Look at it",
    unwish="You asked for such mails; to end them",
    arrives="Notices of HEROES arrive in this browser.",
)
_GERMAN = Words(
    moment="%d.%m.%Y %H:%M UTC",
    point=",",
    labels={
        "amount": "Betrag",
        "spent": "verbraucht",
        "reserved": "reserviert",
        "left": "übrig",
        "submitted": "aufgegeben",
        "began": "begonnen",
        "ended": "beendet",
        "cluster": "Cluster",
        "cost": "Kosten",
        "energy": "Energie",
    },
    kinds={
        "organization": "Das Budget der Organisation",
        "project": "Das Budget des Projekts",
        "user": "Das persönliche Budget",
    },
    limit="hat seine Grenze von {} % erreicht",
    threshold="ist zu {} % belegt",
    budget="{name} {words} ({at}).",
    then={
        "warn": "Sonst geschieht nichts: Das Budget zahlt, bis es aufgebraucht ist.",
        "stop_new": "Darauf beginnt nichts Neues; was läuft, läuft weiter.",
        "cancel_running": "Darauf beginnt nichts Neues, und was darauf läuft, wird abgebrochen.",
    },
    ended={"FINISHED": "ist fertig", "FAILED": "ist fehlgeschlagen", "CANCELED": "wurde abgebrochen"},
    unmeasured="nicht gemessen",
    look="Ansehen",
    unwish="Um solche Mails wurde gebeten; abbestellen",
    arrives="Mitteilungen von HEROES kommen in diesem Browser an.",
)
WORDS: Mapping[Language, Words] = {"en": _ENGLISH, "de": _GERMAN}


def spoken(wanted: str | None) -> Language:
    """Return the language that a mail is written in for somebody who wants this one."""
    return next((one for one in WORDS if one == wanted), USUAL)


def about_budget(event: Any, address: str, language: Language = USUAL) -> tuple[str, str]:
    """Return subject and text of the mail about a budget; the amounts are those of the event's moment."""
    told, w = event.data, WORDS[language]
    kind = w.kinds.get(told["kind"], f"the {told['kind']} budget")
    name = " ".join(str(told.get("title") or kind).split())[:200]
    of_limit = event.type == "budget.limit"
    words = (w.limit if of_limit else w.threshold).format(told.get("threshold") or told.get("limit"))
    amounts = {one: f"{_decimal(told[one], w)} {told['currency']}" for one in ("amount", "spent", "reserved", "left")}
    then = f"{w.then[told['at_limit']]}\n\n" if of_limit else ""
    first = w.budget.format(at=_moment(event.at, w), name=name, words=words)
    text = f"{first}\n\n{_table(amounts, w)}\n\n{then}{w.look}: {address}  (heroes budget list)\n"
    return f"HEROES: {name} {words}", text


@dataclass(frozen=True, slots=True)
class Ended:
    """What a mail about the end of an execution tells. `cost`: amount and currency; `joules` None: not measured."""

    wid: str
    name: str
    organization: str
    status: str
    reason: str | None
    cluster: str | None
    submitted: datetime
    began: datetime | None
    ended: datetime | None
    cost: tuple[str, str] | None
    joules: float | None


def about_end(told: Ended, address: str, language: Language = USUAL) -> tuple[str, str]:
    """Return subject and text of the mail about the end of an execution."""
    w = WORDS[language]
    name = " ".join(told.name.split())[:200]
    words = w.ended[told.status]
    moments = {"submitted": told.submitted, "began": told.began, "ended": told.ended}
    lines = {one: _moment(at, w) for one, at in moments.items() if at is not None}
    lines |= {"cluster": told.cluster} if told.cluster else {}
    lines |= {"cost": f"{_decimal(told.cost[0], w)} {told.cost[1]}"} if told.cost else {}
    lines["energy"] = w.unmeasured if told.joules is None else f"{_decimal(f'{told.joules / 3.6e6:.3g}', w)} kWh"
    why = f"{told.reason}\n\n" if told.reason else ""
    page = f"{address}/o/{told.organization}"
    text = (
        f"{name} ({told.wid}) {words}.\n\n{why}{_table(lines, w)}\n\n"
        f"{w.look}: {page}/executions/{told.wid}  (heroes execution show {told.wid})\n"
        f"{w.unwish}: {page}/more  (heroes notice set --no-mail)\n"
    )
    return f"HEROES: {name} {words}", text


def briefly(name: str, status: str, language: Language = USUAL) -> str:
    """Return the one line that a browser shows about the end of an execution."""
    return f"{' '.join(name.split())[:120]} {WORDS[language].ended[status]}"


def _table(lines: Mapping[str, str], w: Words) -> str:
    named = {w.labels.get(one, one): text for one, text in lines.items()}
    wide = max(9, *map(len, named))
    return "\n".join(f"  {name:<{wide}} {text}" for name, text in named.items())


def _decimal(value: object, w: Words) -> str:
    return str(value).replace(".", w.point)


def _moment(at: datetime, w: Words) -> str:
    return at.astimezone(UTC).strftime(w.moment)
