"""Airfoil outlines: reads coordinate files as they are found, and lays panels along them.

Selig: one loop from the trailing edge around the leading edge and back. Lednicer: counts of points, then upper and
lower surface, each from leading to trailing edge. Header lines, comments, commas, repeated points, either direction
and any unit of length are accepted.
"""
import math


class BadOutline(Exception):
    """The file is no outline of an airfoil."""


def read(path):
    """(name, loop) of a coordinate file; the loop runs over the upper side first and has chord 1.

    Raises BadOutline with the line at fault.
    """
    with open(path, "rb") as stream:
        text = stream.read().decode("utf-8-sig", "replace")
    return parse(text)


def parse(text):
    """As read, from text."""
    name, rows = _rows(text)
    if len(rows) > 2 and _is_lednicer(rows):
        points = _from_lednicer(rows)
    else:
        points = [point for block in rows for point in block]
    return name, _tidy(points)


def _rows(text):
    """Name and blocks of points; blocks are what blank lines part."""
    name, blocks, block = "", [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#")[0].split("!")[0]
        words = line.replace(",", " ").replace(";", " ").split()
        if not words:
            if block:
                blocks.append(block)
                block = []
            continue
        numbers = _numbers(words)
        if numbers is None:
            if block or blocks:
                raise BadOutline("line %d: '%s' is not a pair of coordinates" % (number, line.strip()[:60]))
            name = name or line.strip()
            continue
        block.append(numbers)
    if block:
        blocks.append(block)
    rows = blocks
    if rows and len(rows[0]) > 1 and _counts(rows[0][0]):
        rows = [rows[0][:1], rows[0][1:], *rows[1:]]
    if rows and len(rows) == 2 and _counts(rows[0][0]):
        upper = int(rows[0][0][0])
        rows = [rows[0], rows[1][:upper], rows[1][upper:]]
    return name or "airfoil", rows


def _numbers(words):
    if len(words) != 2:
        return None
    try:
        pair = tuple(float(word.replace("D", "E").replace("d", "e")) for word in words)
    except ValueError:
        return None
    return pair if all(math.isfinite(value) for value in pair) else None


def _counts(pair):
    return all(value == int(value) and value >= 3 for value in pair)


def _is_lednicer(rows):
    return len(rows[0]) == 1 and _counts(rows[0][0]) and (len(rows[1]), len(rows[2])) == tuple(map(int, rows[0][0]))


def _from_lednicer(rows):
    upper, lower = rows[1], rows[2]
    return upper[::-1] + lower


def _tidy(points):
    points = _without_repeats(points)
    if len(points) < 8:
        raise BadOutline("only %d different points; an outline needs at least 8" % len(points))
    size = max(x for x, _ in points) - min(x for x, _ in points)
    if size <= 0.0:
        raise BadOutline("all points have the same x")
    last = max(range(len(points)), key=lambda i: points[i][0])
    if min(points[0][0], points[-1][0]) < points[last][0] - 0.05 * size:
        # the loop starts elsewhere: begin it at the trailing edge
        if _distance(points[0], points[-1]) > 0.05 * size:
            raise BadOutline("the loop neither starts nor ends at the trailing edge; is a surface missing?")
        points = _without_repeats(points[last:] + points[: last + 1])
    area = _area(points)
    if abs(area) < 1e-4 * size ** 2:
        raise BadOutline("the outline encloses nothing; are upper and lower surface the same?")
    if area < 0.0:
        points = points[::-1]
    points = _without_base(points, size)
    tail = ((points[0][0] + points[-1][0]) / 2.0, (points[0][1] + points[-1][1]) / 2.0)
    nose = max(points, key=lambda point: _distance(point, tail))
    chord = _distance(nose, tail)
    return [((x - nose[0]) / chord, (y - nose[1]) / chord) for x, y in points]


def _without_repeats(points):
    """Leave out points that lie on the one before; the end of a closed loop stays."""
    if not points:
        return []
    size = max(x for x, _ in points) - min(x for x, _ in points)
    kept = [points[0]]
    for point in points[1:]:
        if _distance(point, kept[-1]) > 1e-5 * size:
            kept.append(point)
    return kept


def _without_base(points, size):
    """Open a closed loop at a blunt trailing edge: its steep base is no surface along which the flow goes."""
    if _distance(points[0], points[-1]) > 1e-5 * size:
        return points
    while len(points) > 8 and _is_steep(points[-2], points[-1]):
        points = points[:-1]
    while len(points) > 8 and _is_steep(points[0], points[1]):
        points = points[1:]
    return points


def _is_steep(a, b):
    return abs(a[0] - b[0]) < 0.5 * abs(a[1] - b[1])


def _distance(a, b):
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _area(points):
    """Signed area; positive when the loop runs counter-clockwise, which is upper side first."""
    total = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        total += x1 * y2 - x2 * y1
    return total / 2.0


def close(loop):
    """(loop with a sharp trailing edge, height of the gap that was closed), the gap shared over the chord."""
    (x1, y1), (x2, y2) = loop[0], loop[-1]
    if _distance(loop[0], loop[-1]) < 1e-9:
        return [*loop[:-1], loop[0]], 0.0
    nose = min(range(len(loop)), key=lambda i: loop[i][0])
    closed = []
    for i, (x, y) in enumerate(loop):
        share = max(0.0, min(1.0, x)) * 0.5
        sign = 1.0 if i <= nose else -1.0
        closed.append((x - sign * share * (x1 - x2), y - sign * share * (y1 - y2)))
    tail = ((x1 + x2) / 2.0, (y1 + y2) / 2.0)
    closed[0] = closed[-1] = tail
    return closed, math.hypot(x1 - x2, y1 - y2)


def lay_panels(loop, panels):
    """Corners of `panels` panels along a closed loop, dense at both edges, by cubic splines over the arc length."""
    lengths = [0.0]
    for a, b in zip(loop, loop[1:]):
        lengths.append(lengths[-1] + max(_distance(a, b), 1e-12))
    nose = max(range(len(loop)), key=lambda i: _distance(loop[i], loop[0]))
    at = _spline(lengths, [x for x, _ in loop]), _spline(lengths, [y for _, y in loop])
    upper = panels // 2
    lower = panels - upper
    arcs = [lengths[nose] * _spacing(i / upper) for i in range(upper)]
    arcs += [lengths[-1] - (lengths[-1] - lengths[nose]) * _spacing(1.0 - i / lower) for i in range(lower)]
    corners = [(at[0](s), at[1](s)) for s in arcs]
    corners[0] = loop[0]
    return [*corners, loop[-1]]


def _spacing(share):
    """Where a corner lies between trailing edge (0) and leading edge (1): dense at both, but not so dense at the thin
    trailing edge that panels of both sides, closer together than they are long, drive each other."""
    return 0.25 * (1.0 - math.cos(math.pi * share)) + 0.5 * math.sin(0.5 * math.pi * share)


def _spline(knots, values):
    """Natural cubic spline through (knots, values) as a function."""
    n = len(knots) - 1
    steps = [knots[i + 1] - knots[i] for i in range(n)]
    slopes = [(values[i + 1] - values[i]) / steps[i] for i in range(n)]
    bends, factors = [0.0] * (n + 1), [0.0] * (n + 1)
    for i in range(1, n):  # forward sweep of the tridiagonal system
        pivot = 2.0 * (steps[i - 1] + steps[i]) - steps[i - 1] * factors[i - 1]
        factors[i] = steps[i] / pivot
        bends[i] = (6.0 * (slopes[i] - slopes[i - 1]) - steps[i - 1] * bends[i - 1]) / pivot
    for i in range(n - 1, 0, -1):
        bends[i] -= factors[i] * bends[i + 1]

    def value(s):
        low, high = 0, n
        while high - low > 1:
            middle = (low + high) // 2
            if knots[middle] <= s:
                low = middle
            else:
                high = middle
        h, a, b = steps[low], knots[low + 1] - s, s - knots[low]
        return (
            bends[low] * a ** 3 / (6.0 * h)
            + bends[low + 1] * b ** 3 / (6.0 * h)
            + (values[low] / h - bends[low] * h / 6.0) * a
            + (values[low + 1] / h - bends[low + 1] * h / 6.0) * b
        )

    return value
