"""Carbon of electricity by place and hour: a small table with its sources and years, never a live figure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from heroes.energy.tables import table


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
    if not found.hours:
        return Intensity(found.mean, f"{named}, mean of {found.source}")
    first = begin.replace(minute=0, second=0, microsecond=0)
    moment, left, total = begin, max(seconds, 1.0), 0.0
    if left >= 86400 * 7:
        return Intensity(found.mean, f"{named}, mean of {found.source}")
    whole = left
    while left > 0:
        first += timedelta(hours=1)
        part = min((first - moment).total_seconds(), left)
        total += part * found.hours[moment.utctimetuple().tm_hour]
        moment, left = first, left - part
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
