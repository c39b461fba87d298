"""Mean spectrum of an ensemble, and the frequency and damping that fit it: python3 analyse.py ensemble.csv.gz"""
import cmath
import csv
import gzip
import hashlib
import json
import math
import sys


def fourier(values):
    """Discrete Fourier transform of 2**n values by halving."""
    n = len(values)
    if n == 1:
        return list(values)
    even, odd = fourier(values[0::2]), fourier(values[1::2])
    turned = [cmath.exp(-2j * math.pi * k / n) * odd[k] for k in range(n // 2)]
    return [e + t for e, t in zip(even, turned)] + [e - t for e, t in zip(even, turned)]


def read(path):
    """(interval [s], rows, sha256 of the text)."""
    with gzip.open(path, "rb") as stream:
        text = stream.read()
    lines = text.decode("ascii").splitlines()
    name, interval = lines[0].lstrip("# ").split(",")
    if name != "interval_s":
        sys.exit("%s: the first line must name interval_s" % path)
    rows = [[float(value) for value in line.split(",")] for line in lines[1:]]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        sys.exit("%s: rows of different length" % path)
    return float(interval), rows, hashlib.sha256(text).hexdigest()


def spectrum(rows, interval):
    """[(frequency [Hz], mean power)] up to half the sampling rate."""
    n = len(rows[0])
    power = [0.0] * (n // 2)
    for row in rows:
        for k, value in enumerate(fourier(row)[: n // 2]):
            power[k] += abs(value) ** 2 * interval / n
    return [(k / (n * interval), total / len(rows)) for k, total in enumerate(power)]


def estimate(rows, interval):
    """(natural frequency [Hz], damping ratio) from the ensemble's autocorrelation over the first lags.

    The ensemble obeys x(t+2) = a x(t+1) + b x(t) + noise in the mean, with a and b set by frequency and damping;
    the noise of neighbouring times is correlated, so lags of two and more are used.
    """
    n = len(rows[0])
    lags = 24
    correlation = [
        sum(row[i] * row[i + lag] for row in rows for i in range(n - lags)) / (len(rows) * (n - lags))
        for lag in range(lags + 1)
    ]
    s11 = s12 = s22 = r1 = r2 = 0.0
    for lag in range(2, lags + 1):
        near, far, value = correlation[lag - 1], correlation[lag - 2], correlation[lag]
        s11 += near * near
        s12 += near * far
        s22 += far * far
        r1 += near * value
        r2 += far * value
    determinant = s11 * s22 - s12 * s12
    a, b = (r1 * s22 - r2 * s12) / determinant, (r2 * s11 - r1 * s12) / determinant
    root = (a + cmath.sqrt(a * a + 4.0 * b)) / 2.0
    rate = cmath.log(root) / interval
    return abs(rate) / (2.0 * math.pi), -rate.real / abs(rate)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: analyse.py ensemble.csv.gz")
    interval, rows, checksum = read(sys.argv[1])
    lines = spectrum(rows, interval)
    frequency, damping = estimate(rows, interval)
    peak = max(lines[1:], key=lambda line: line[1])
    with open("spectrum.csv", "w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["frequency_hz", "power"])
        for line in lines:
            table.writerow(["%.6f" % line[0], "%.6e" % line[1]])
    result = {
        "members": len(rows),
        "frequency_hz": frequency,
        "damping": damping,
        "peak_hz": peak[0],
        "sha256": checksum,
    }
    with open("estimate.json", "w") as stream:
        json.dump(result, stream, indent=1, sort_keys=True)
    print("%.4f Hz, damping %.4f, sha256 of the numbers %s" % (frequency, damping, checksum))


if __name__ == "__main__":
    main()
