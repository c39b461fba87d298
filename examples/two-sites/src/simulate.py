"""Simulates an ensemble of damped oscillators driven by white noise; writes ensemble.csv.gz, the same for a seed.

Each row is one member: its displacement at equal times. The motion between two times is exact: it is a rotation that
shrinks, plus the noise gathered on the way.
"""
import argparse
import gzip
import hashlib
import math
import random

SAMPLES = 512
CYCLES = 64.0


def simulate(members, frequency, damping, seed):
    """(sampling interval [s], rows of displacements)."""
    natural = 2.0 * math.pi * frequency
    damped = natural * math.sqrt(1.0 - damping ** 2)
    interval = CYCLES / frequency / SAMPLES
    decay = math.exp(-damping * natural * interval)
    turn = complex(math.cos(damped * interval), -math.sin(damped * interval)) * decay
    noise = math.sqrt((1.0 - decay ** 2) / 2.0)
    source = random.Random(seed)
    rows = []
    for _ in range(members):
        state = complex(source.gauss(0.0, math.sqrt(0.5)), source.gauss(0.0, math.sqrt(0.5)))
        row = []
        for _ in range(SAMPLES):
            row.append(state.real)
            state = state * turn + complex(source.gauss(0.0, noise), source.gauss(0.0, noise))
        rows.append(row)
    return interval, rows


def main():
    parser = argparse.ArgumentParser(description="Ensemble of damped oscillators under white noise.")
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--frequency", type=float, required=True, help="Hz")
    parser.add_argument("--damping", type=float, required=True, help="ratio to critical damping")
    parser.add_argument("--seed", type=int, required=True)
    chosen = parser.parse_args()
    interval, rows = simulate(chosen.members, chosen.frequency, chosen.damping, chosen.seed)
    lines = ["# interval_s,%.12g" % interval] + [",".join("%.6f" % value for value in row) for row in rows]
    text = ("\n".join(lines) + "\n").encode("ascii")
    with open("ensemble.csv.gz", "wb") as stream, gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
        packed.write(text)
    print("%d members, sha256 of the numbers %s" % (len(rows), hashlib.sha256(text).hexdigest()))


if __name__ == "__main__":
    main()
