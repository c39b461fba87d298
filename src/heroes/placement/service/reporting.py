"""What was predicted against what happened: error, coverage and bias, by workflow, cluster, user and model."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import fmean, median
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Caller, visible
from heroes.placement.models import Decision, Forecast, Observed
from heroes.placement.schemas import Accuracy, Group, Missing, Report

NEWEST = 5000
"""How many of the newest predictions are judged."""

_REAL = {"time": "run_s", "wait": "wait_s", "memory": "memory_bytes", "energy": "energy_j"}
_BY = {"workflow": "workflow_id", "cluster": "cluster", "user": "username", "model": "model"}
Pair = tuple[Mapping[str, Any], float]


async def report(session: AsyncSession, who: Caller, *, workflow: str | None = None) -> Report:
    """Judge the newest predictions that the caller may see; `workflow` keeps those of one (its id)."""
    mine = visible(Forecast, who)
    if workflow is not None:
        mine = mine.where(Forecast.workflow_id == workflow)
    forecasts = (await session.scalars(mine.order_by(Forecast.id.desc()).limit(NEWEST))).all()
    outcomes = await _outcomes(session, forecasts)
    known = {name: list(_pairs(forecasts, outcomes, name)) for name in _REAL}
    missing = Counter(_why_not(one, outcomes) for one in forecasts)
    missing.pop("", None)
    decisions, overridden, reasons = await _choices(session, who)
    return Report(
        jobs=sum(len(outcomes[one.id]) for one in forecasts),
        **{name: judged([pair for _, pair in pairs]) for name, pairs in known.items()},
        groups=_groups(known["time"]),
        missing=[Missing(reason=reason, jobs=jobs) for reason, jobs in missing.most_common()],
        decisions=decisions,
        overridden=overridden,
        reasons=reasons,
        moved=sum(1 for one in forecasts if one.moved_from is not None),
    )


async def _outcomes(session: AsyncSession, forecasts: Iterable[Forecast]) -> dict[str, list[Observed]]:
    """Return what happened to the jobs of each forecast; members of an array by their execution and step."""
    single = {one.job_id: one.id for one in forecasts if one.jobs == 1}
    arrays = {(one.execution_id, one.step): one.id for one in forecasts if one.jobs > 1}
    wanted = or_(Observed.job_id.in_(single), Observed.execution_id.in_({key[0] for key in arrays}))
    found: dict[str, list[Observed]] = defaultdict(list)
    for row in await session.scalars(select(Observed).where(wanted, Observed.lost.is_(False))):
        forecast = single.get(row.job_id) or arrays.get((row.execution_id or "", row.step))
        if forecast is not None:
            found[forecast].append(row)
    return found


def _pairs(
    forecasts: Iterable[Forecast], outcomes: Mapping[str, list[Observed]], name: str
) -> Iterable[tuple[Forecast, Pair]]:
    for one in forecasts:
        predicted = one.predicted.get(name) or {}
        if predicted.get("value") is None:
            continue
        for row in outcomes.get(one.id, ()):
            real = getattr(row, _REAL[name])
            if real is not None:
                yield one, (predicted, float(real))


def _why_not(one: Forecast, outcomes: Mapping[str, list[Observed]]) -> str:
    predicted = one.predicted.get("time") or {}
    if predicted.get("value") is None:
        reason = (predicted.get("reason") or {}).get("text") or "Nothing was predicted."
        return f"No run time was predicted: {reason}"
    return "" if outcomes.get(one.id) else "It has not ended well yet, or did not end well."


def judged(pairs: list[Pair]) -> Accuracy:
    """Return how good predictions were, from (predicted quantity, real amount)."""
    close, ratios, errors, promised = [], [], [], []
    held: dict[str, list[bool]] = {"80": [], "90": []}
    for predicted, real in pairs:
        value = float(predicted["value"])
        larger = max(value, real)
        close.append(min(value, real) / larger if larger > 0 else 1.0)
        errors.append(abs(value - real))
        if real > 0:
            ratios.append(value / real)
        if predicted.get("accuracy") is not None:
            promised.append(float(predicted["accuracy"]))
        for level, found in held.items():
            if predicted.get(f"low{level}") is not None and predicted.get(f"high{level}") is not None:
                found.append(predicted[f"low{level}"] <= real <= predicted[f"high{level}"])
    return Accuracy(
        jobs=len(pairs),
        accuracy=_mean(close),
        promised=_mean(promised),
        error=_mean(errors),
        bias=round(median(ratios), 4) if ratios else None,
        held80=_mean(held["80"]),
        held90=_mean(held["90"]),
    )


def _mean(values: list[Any]) -> float | None:
    return round(fmean(values), 4) if values else None


def _groups(pairs: list[tuple[Forecast, Pair]]) -> list[Group]:
    found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for one, pair in pairs:
        for by, field in _BY.items():
            found[by, getattr(one, field)].append(pair)
    return [Group(by=by, name=name, time=judged(group)) for (by, name), group in sorted(found.items())]


async def _choices(session: AsyncSession, who: Caller) -> tuple[int, int, list[str]]:
    mine = visible(Decision, who).subquery()
    other = mine.c.rank > 1
    counted = await session.execute(select(func.count(), func.count().filter(other)).select_from(mine))
    decisions, overridden = counted.one()
    said = select(mine.c.because).where(other, mine.c.because.is_not(None)).order_by(mine.c.id.desc()).limit(20)
    return decisions, overridden, list(await session.scalars(said))
