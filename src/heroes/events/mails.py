"""The words of mails and notices, in the languages that there are. What a site said stays as it said it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from heroes.costs.rules import shown

Language = Literal["en", "de"]
USUAL: Language = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one language; `{}` are filled in."""

    moment: str
    point: str
    """between whole numbers and decimals"""
    thousands: str
    labels: Mapping[str, str]
    kinds: Mapping[str, str]
    """what a budget is called: of whom, and its title in quotes"""
    quoted: str
    limit: str
    threshold: str
    budget: str
    then: Mapping[str, str]
    ended: Mapping[str, str]
    back: str
    """`{}`: the cluster, and its queue if one was named"""
    queue: str
    once: str
    failed: Mapping[str, str]
    """why a job ended badly, by code, where the platform's own sentence is in another language"""
    less: str
    least: str
    unmeasured: str
    look: str
    command: str
    unwish: str
    arrives: str
    """in a notice that somebody sent to try"""


_ENGLISH = Words(
    moment="%Y-%m-%d %H:%M UTC",
    point=".",
    thousands=",",
    labels={
        "amount": "Budget",
        "spent": "Spent",
        "reserved": "Reserved",
        "left": "Left",
        "submitted": "Submitted",
        "began": "Began",
        "ended": "Ended",
        "cluster": "Cluster",
        "cost": "Cost",
        "energy": "Energy",
    },
    kinds={
        "organization": "the budget{title} of the organization {of}",
        "project": "the budget{title} of the project {of}",
        "user": "the budget{title} of {of}",
    },
    quoted=" “{}”",
    limit="has reached its limit of {} %",
    threshold="has reached {} %",
    budget="At {at}, {name} {words}, spent and reserved together.",
    then={
        "warn": "Nothing else happens: the budget pays until it is used up.",
        "stop_new": "Nothing new begins on it; what runs goes on.",
        "cancel_running": "Nothing new begins on it, and what runs on it is cancelled.",
    },
    ended={"FINISHED": "has finished", "FAILED": "has failed", "CANCELED": "was cancelled"},
    back="{} takes jobs again",
    queue="{}, queue {},",
    once="You asked to be told once; this was it.",
    failed={},
    less="less than",
    least="at least",
    unmeasured="not measured",
    look="Look at it",
    command="On the command line",
    unwish="You asked for such mails; to end them",
    arrives="Notices of HEROES arrive in this browser.",
)
_GERMAN = Words(
    moment="%d.%m.%Y %H:%M UTC",
    point=",",
    thousands=".",
    labels={
        "amount": "Budget",
        "spent": "Verbraucht",
        "reserved": "Reserviert",
        "left": "Übrig",
        "submitted": "Aufgegeben",
        "began": "Begonnen",
        "ended": "Beendet",
        "cluster": "Cluster",
        "cost": "Kosten",
        "energy": "Energie",
    },
    kinds={
        "organization": "Das Budget{title} der Organisation {of}",
        "project": "Das Budget{title} des Projekts {of}",
        "user": "Das Budget{title} von {of}",
    },
    quoted=" „{}“",
    limit="hat seine Grenze von {} % erreicht",
    threshold="ist zu {} % belegt",
    budget="{name} {words}, Verbrauchtes und Reserviertes zusammen ({at}).",
    then={
        "warn": "Sonst geschieht nichts: Das Budget zahlt, bis es aufgebraucht ist.",
        "stop_new": "Darauf beginnt nichts Neues; was läuft, läuft weiter.",
        "cancel_running": "Darauf beginnt nichts Neues, und was darauf läuft, wird abgebrochen.",
    },
    ended={"FINISHED": "ist fertig", "FAILED": "ist fehlgeschlagen", "CANCELED": "wurde abgebrochen"},
    back="{} nimmt wieder Jobs an",
    queue="{}, Warteschlange {},",
    once="Sie wollten es einmal erfahren; das war es.",
    failed={
        "program_failed": "Das Programm endete mit dem Rückgabewert {exit_code}.",
        "killed_by_signal": "Das Programm wurde durch ein Signal beendet.",
        "time_limit": "Der Job erreichte seine Zeitgrenze und wurde vom Zentrum beendet.",
        "out_of_memory": "Der Job brauchte mehr Speicher, als er verlangt hatte.",
        "node_failure": "Ein Knoten des Zentrums fiel unter dem Job aus.",
        "preempted": "Das Zentrum gab die Knoten des Jobs an dringendere Arbeit.",
        "cancelled_by_site": "Jemand am Zentrum brach den Job ab.",
        "outcome_unknown": "Das Zentrum kennt den Job nicht mehr, und was er hinterlassen sollte, fehlt.",
        "lost_by_site": "Das Zentrum nahm den Job aus seiner Warteschlange, bevor er begann.",
        "not_launched": "Das Zentrum konnte den Job nicht starten.",
        "site_too_small": "Das Zentrum wurde für den Job zu klein, während er wartete.",
        "no_room": "Der Ordner des Jobs nahm keine Daten mehr auf.",
        "stage_in_failed": "Seine Eingaben ließen sich nicht zum Zentrum bringen.",
        "stage_out_failed": "Seine Ergebnisse ließen sich nicht holen.",
        "output_missing": "Das Programm schrieb nicht, was der Workflow von ihm verlangt.",
        "refused_by_site": "Das Zentrum hat den Auftrag abgelehnt.",
    },
    less="weniger als",
    least="mindestens",
    unmeasured="nicht gemessen",
    look="Ansehen",
    command="Auf der Kommandozeile",
    unwish="Um solche Mails wurde gebeten; abbestellen",
    arrives="Mitteilungen von HEROES kommen in diesem Browser an.",
)
WORDS: Mapping[Language, Words] = {"en": _ENGLISH, "de": _GERMAN}


def spoken(wanted: str | None) -> Language:
    """Return the language that a mail is written in for somebody who wants this one."""
    return next((one for one in WORDS if one == wanted), USUAL)


def about_budget(event: Any, page: str, of: str, language: Language = USUAL) -> tuple[str, str]:
    """Return subject and text of the mail about the budget `of` somebody; the amounts are those of its moment."""
    told, w = event.data, WORDS[language]
    title = _line(told.get("title") or "")
    name = w.kinds[told["kind"]].format(title=w.quoted.format(title) if title else "", of=of)
    of_limit = event.type == "budget.limit"
    words = (w.limit if of_limit else w.threshold).format(told.get("threshold") or told.get("limit"))
    amounts = {one: _money(told[one], told["currency"], w) for one in ("amount", "spent", "reserved", "left")}
    then = f"{w.then[told['at_limit']]}\n\n" if of_limit else ""
    first = w.budget.format(at=_moment(event.at, w), name=name, words=words)
    text = f"{first}\n\n{_table(amounts, w, right=True)}\n\n{then}{w.look}: {page}\n{w.command}: heroes budget list\n"
    return f"HEROES: {name} {words}", text


@dataclass(frozen=True, slots=True)
class Ended:
    """What a mail about the end of an execution tells. `cost`: amount and currency; `joules` None: not measured.

    `failure`: title, code and exit code of the job that failed first.
    """

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
    partly: bool = False
    """some jobs were not measured"""
    failure: tuple[str, str | None, int | None] | None = None


def about_end(told: Ended, address: str, language: Language = USUAL) -> tuple[str, str]:
    """Return subject and text of the mail about the end of an execution."""
    w = WORDS[language]
    name = _line(told.name)
    words = w.ended[told.status]
    moments = {"submitted": told.submitted, "began": told.began, "ended": told.ended}
    lines = {one: _moment(at, w) for one, at in moments.items() if at is not None}
    lines |= {"cluster": told.cluster} if told.cluster else {}
    lines |= {"cost": _money(*told.cost, w)} if told.cost else {}
    lines["energy"] = w.unmeasured if told.joules is None else _energy(told.joules, w)
    if told.partly:
        lines["energy"] = f"{w.least} {lines['energy']}"
    why = _why(told, w)
    because = f"{why}\n\n" if why else ""
    page = f"{address}/o/{told.organization}"
    text = (
        f"{name} {words}.\n\n{because}{_table(lines, w)}\n\n"
        f"{w.look}: {page}/executions/{told.wid}\n{w.command}: heroes execution show {told.wid}\n\n"
        f"{w.unwish}: {page}/more\n{w.command}: heroes notice set --no-mail\n"
    )
    return f"HEROES: {name} {words}", text


def briefly(name: str, status: str, language: Language = USUAL) -> str:
    """Return the one line that a browser shows about the end of an execution."""
    return f"{' '.join(name.split())[:120]} {WORDS[language].ended[status]}"


def back_briefly(event: Any, language: Language = USUAL) -> str:
    """Return the one line that says that a cluster is back."""
    w, told = WORDS[language], event.data
    name = " ".join(told["cluster"].split())[:120]
    return w.back.format(w.queue.format(name, told["queue"]) if told["queue"] else name)


def about_back(event: Any, home: str, language: Language = USUAL) -> tuple[str, str]:
    """Return subject and text of the mail about a cluster that takes jobs again; `home`: the organization's pages."""
    w, words, cluster = WORDS[language], back_briefly(event, language), event.data["cluster"]
    look = f"{w.look}: {home}/clusters/{quote(cluster, safe='')}\n{w.command}: heroes cluster show {cluster}\n"
    return f"HEROES: {words}", f"{words} ({_moment(event.at, w)}).\n\n{w.once}\n\n{look}"


def _why(told: Ended, w: Words) -> str | None:
    """Say why it ended so: in the reader's words where its code has some, else as it was said."""
    title, code, exit_code = told.failure or ("", None, None)
    own = w.failed.get(code or "")
    if own is None or (exit_code is None and "{" in own):
        return told.reason
    return f"{_line(title)}: {own.format(exit_code=exit_code)}"


def _line(text: str) -> str:
    return " ".join(str(text).split())[:200]


def _table(lines: Mapping[str, str], w: Words, *, right: bool = False) -> str:
    named = {w.labels.get(one, one): text for one, text in lines.items()}
    wide, last = max(map(len, named)), max(map(len, named.values()))
    return "\n".join(
        f"  {name:<{wide}}  {text:>{last}}" if right else f"  {name:<{wide}}  {text}" for name, text in named.items()
    )


def _money(amount: str, currency: str, w: Words) -> str:
    said = shown(Decimal(amount), currency)
    figure = said.removeprefix("less than ").removesuffix(f" {currency}")
    whole, point, rest = figure.partition(".")
    text = f"{int(whole):,}".replace(",", w.thousands) + (w.point + rest if point else "")
    less = f"{w.less} " if said.startswith("less") else ""
    return f"{less}{text} {currency}"


def _energy(joules: float, w: Words) -> str:
    """Return an energy in the unit in which it reads well."""
    unit, factor = ("kWh", 3.6e6) if joules >= 3.6e5 else ("Wh", 3600) if joules >= 360 else ("J", 1)
    value = joules / factor
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.2g} {unit}".replace(".", w.point)


def _moment(at: datetime, w: Words) -> str:
    return at.astimezone(UTC).strftime(w.moment)
