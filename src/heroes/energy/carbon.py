"""Carbon of electricity by place and hour: a small table with its sources and years, never a live figure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from heroes.energy.tables import table

_LONG_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Intensity:
    """Grams of CO2 equivalent for each kilowatt hour, and where that is known from."""

    g_kwh: float
    source: str


@dataclass(frozen=True, slots=True)
class _Place:
    mean: float
    hours: tuple[float, ...]
    source: str


def intensity(place: str | None, begin: datetime, seconds: float) -> Intensity | None:
    """Return the mean from `begin` (aware) over some seconds; None: nothing is known of the place.

    `place`: ISO 3166, such as DE or US-CA; of a region that is not in the table its country tells. Where the table
    has hours, each hour of the day (UTC) counts as it usually is; else the year's mean.
    """
    if not place:
        return None
    code = place.strip().upper()
    named = code if code in _places() else code.partition("-")[0]
    found = _places().get(named)
    if found is None:
        return None
    if not found.hours or seconds >= _LONG_S:
        return Intensity(found.mean, f"{named}, mean of {found.source}")
    moment = begin.astimezone(UTC)
    hour, part = moment.hour, 3600.0 - moment.minute * 60 - moment.second
    left, total = max(seconds, 1.0), 0.0
    whole = left
    while left > 0:
        part = min(part, left)
        total += part * found.hours[hour % 24]
        hour, left, part = hour + 1, left - part, 3600.0
    return Intensity(total / whole, f"{named}, by hour as in {found.source}")


@cache
def _places() -> dict[str, _Place]:
    rows, _ = table("carbon.csv")
    return {
        row["place"]: _Place(
            float(row["mean"]), tuple(float(one) for one in row["hours"].split()), f"{row['year']}, {row['source']}"
        )
        for row in rows
    }
