#!/usr/bin/env python3
"""Make the small tables of energy (servers.csv, processors.csv, carbon.csv) anew from published collections.

`scripts/reference-tables.py FOLDER`: FOLDER holds `power/ccf_SPECpower-*.csv` (cloud-carbon-footprint/ccf-coefficients,
Apache-2.0), `carbon/codecarbon_hardware__cpu_power.csv` (mlco2/codecarbon, MIT),
`carbon/codecarbon_private_infra__global_energy_mix.json` (mlco2/codecarbon, MIT; Our World in Data) and
`carbon/electricitymaps_2023_hourly.parquet` (Electricity Maps, ODbL).
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import fmean, median
from typing import Any

TABLES = Path(__file__).parents[1] / "src/heroes/energy/tables"
SINCE = 2012
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SERVERS = {"Xeon", "EPYC", "Opteron"}
_ZONES = {"FR": "FR", "DE": "DE", "GB": "GB", "US-CAL-CISO": "US-CA"}


def servers(path: Path) -> list[list[Any]]:
    """Return one row for each processor and number of chips: the middle of all that was published of it."""
    groups: dict[tuple[str, int], list[list[float]]] = defaultdict(list)
    fields = ("# Cores", "# Threads Per Core", "Processor MHz", "Total Memory (GB)", "avg. watts @ 100%")
    with path.open() as file:
        for row in csv.DictReader(file):
            try:
                month, year = row["Published"].split("-")
                when = int(year) + _MONTHS.index(month) / 12
                cpu = " ".join(row["CPU Description"].replace("(", " ").replace(")", " ").replace(",", " ").split()[:6])
                values = [float(row[name]) for name in fields]
                if when > SINCE:
                    groups[cpu, int(float(row["Chips"]))].append([*values, when])
            except ValueError:
                continue  # a field of the publication is missing
    rows = []
    for (cpu, chips), found in sorted(groups.items()):
        cores, threads, mhz, memory, watts, when = (median(column) for column in zip(*found, strict=True))
        rows.append([cpu, chips, int(cores), int(threads), round(mhz), round(memory), round(when, 1), round(watts)])
    return rows


def processors(path: Path) -> list[list[Any]]:
    """Return the thermal design power (W) that the makers state of each processor for servers."""
    found: dict[str, float] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            try:
                if _SERVERS & set(row["Name"].split()) and float(row["TDP"]) > 0:
                    found.setdefault(" ".join(row["Name"].split()), float(row["TDP"]))
            except ValueError:
                continue  # not a number
    return [[name, f"{watts:g}"] for name, watts in sorted(found.items())]


def carbon(folder: Path) -> list[list[Any]]:
    """Return g CO2e/kWh by place: the year's mean, and of a few places also that of each hour of the day (UTC)."""
    from pyarrow import parquet

    mix = json.loads((folder / "codecarbon_private_infra__global_energy_mix.json").read_text())
    codes = _two_letters()
    rows: dict[str, list[Any]] = {}
    for code, one in mix.items():
        if code in codes and one.get("carbon_intensity"):
            mean = round(one["carbon_intensity"])
            rows[codes[code]] = [codes[code], one["year"], mean, "", "Our World in Data"]
    hours: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in range(24)])
    for row in parquet.read_table(folder / "electricitymaps_2023_hourly.parquet").to_pylist():
        zone = _ZONES.get(row["Zone Id"])
        grams = row["Carbon Intensity gCO₂eq/kWh (LCA)"]
        if zone and grams is not None:
            hours[zone][int(row["Datetime (UTC)"][11:13])].append(grams)
    for zone, found in hours.items():
        by_hour = [round(fmean(one)) for one in found]
        mean = round(fmean([one for hour in found for one in hour]))
        rows[zone] = [zone, 2023, mean, " ".join(map(str, by_hour)), "Electricity Maps"]
    return [rows[code] for code in sorted(rows)]


def _two_letters() -> dict[str, str]:
    """Return ISO 3166 alpha-2 by alpha-3; the few pairs that the collections need."""
    return dict(pair.split(":") for pair in _CODES.split())


_CODES = """
AUS:AU AUT:AT BEL:BE BGR:BG BRA:BR CAN:CA CHE:CH CHL:CL CHN:CN COL:CO CYP:CY CZE:CZ DEU:DE DNK:DK EGY:EG ESP:ES EST:EE
FIN:FI FRA:FR GBR:GB GRC:GR HKG:HK HRV:HR HUN:HU IDN:ID IND:IN IRL:IE ISL:IS ISR:IL ITA:IT JPN:JP KOR:KR LTU:LT LUX:LU
LVA:LV MAR:MA MEX:MX MLT:MT MYS:MY NLD:NL NOR:NO NZL:NZ PAK:PK PER:PE PHL:PH POL:PL PRT:PT QAT:QA ROU:RO RUS:RU SAU:SA
SGP:SG SRB:RS SVK:SK SVN:SI SWE:SE THA:TH TUN:TN TUR:TR TWN:TW UKR:UA ARE:AE USA:US VNM:VN ZAF:ZA
"""


def _write(name: str, head: str, columns: list[str], rows: list[list[Any]]) -> None:
    with (TABLES / name).open("w", newline="") as file:
        file.write("".join(f"# {line}\n" for line in head.splitlines()))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main(folder: Path) -> None:
    TABLES.mkdir(exist_ok=True)
    [spec] = (folder / "power").glob("ccf_SPECpower-*.csv")
    taken = spec.stem.removeprefix("ccf_SPECpower-")
    _write(
        "servers.csv",
        f"SPECpower_ssj2008 results published by SPEC, collected {taken} by cloud-carbon-footprint/ccf-coefficients\n"
        f"(Apache-2.0); the middle of those of one processor and number of chips since {SINCE}. Watts under full load.",
        ["cpu", "chips", "cores", "threads", "mhz", "memory_gb", "published", "watts"],
        servers(spec),
    )
    _write(
        "processors.csv",
        "Thermal design power (W) of processors for servers as their makers state it, by mlco2/codecarbon (MIT).",
        ["cpu", "watts"],
        processors(folder / "carbon/codecarbon_hardware__cpu_power.csv"),
    )
    _write(
        "carbon.csv",
        "g CO2e/kWh, life cycle: a year's mean by place (Our World in Data, by mlco2/codecarbon, MIT); of some also\n"
        "the mean of each hour of the day in UTC (Electricity Maps, ODbL, by westkath/ichnos).",
        ["place", "year", "mean", "hours", "source"],
        carbon(folder / "carbon"),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
