"""Velocity on the centre line beside the published table.

    python3 profile.py CENTRELINE GHIA --reynolds RE      writes profile.csv, comparison.csv, profile.svg, summary.json
"""
import argparse
import csv
import json
import math
import sys
from xml.sax.saxutils import escape

INK, SOFT, GRID, LINE, MARK = "#1d2733", "#5d6b7a", "#dfe5eb", "#0b6fb8", "#d1495b"


def read_line(path):
    """[(y, u)] of OpenFOAM's raw sample: columns y, u, v, w."""
    points = []
    with open(path) as stream:
        for number, line in enumerate(stream, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            try:
                y, u = float(words[0]), float(words[1])
            except (ValueError, IndexError):
                sys.exit("%s, line %d: expected y and velocity" % (path, number))
            if not (math.isfinite(y) and math.isfinite(u)):
                sys.exit("%s, line %d: the solution has diverged; use more cells" % (path, number))
            points.append((y, u))
    if len(points) < 10:
        sys.exit("%s: only %d points; did the solver finish?" % (path, len(points)))
    return sorted(points)


def read_table(path, reynolds):
    """[(y, u)] published for this Reynolds number, or [] if there is none."""
    with open(path) as stream:
        rows = list(csv.reader(line for line in stream if not line.startswith("#")))
    column = next((i for i, name in enumerate(rows[0]) if i and float(name) == reynolds), None)
    return [] if column is None else [(float(row[0]), float(row[column])) for row in rows[1:]]


def at(points, y):
    """u at y, linear between points; the walls close the line."""
    closed = [(0.0, 0.0)] + [point for point in points if 0.0 < point[0] < 1.0] + [(1.0, 1.0)]
    for (y1, u1), (y2, u2) in zip(closed, closed[1:]):
        if y <= y2:
            return u1 + (u2 - u1) * (y - y1) / (y2 - y1)
    return closed[-1][1]


def plot(points, published, title, note):
    """The profile as SVG: u to the right, y upwards."""
    left, top, width, height, low, high = 76, 70, 420, 420, -0.5, 1.0

    def place(u, y):
        return left + (u - low) / (high - low) * width, top + (1.0 - y) * height

    out = []
    for i in range(7):
        u = low + 0.25 * i
        x, _ = place(u, 0.0)
        colour = SOFT if u == 0.0 else GRID
        out.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"/>' % (x, top, x, top + height, colour))
        label = ("%g" % u).replace("-", "\u2212")
        out.append('<text x="%.1f" y="%d" class="soft" text-anchor="middle">%s</text>' % (x, top + height + 19, label))
    for i in range(6):
        _, y = place(low, 0.2 * i)
        out.append('<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="%s"/>' % (left, y, left + width, y, GRID))
        out.append('<text x="%d" y="%.1f" class="soft" text-anchor="end">%g</text>' % (left - 9, y + 4, 0.2 * i))
    shape = "L".join("%.2f %.2f" % place(u, y) for y, u in points)
    out.append('<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>' % (shape, LINE))
    for y, u in published:
        x, down = place(u, y)
        out.append('<circle cx="%.2f" cy="%.2f" r="4.5" fill="#fff" stroke="%s" stroke-width="2"/>' % (x, down, MARK))
    legend = [("line", "computed")] + ([("mark", "Ghia, Ghia and Shin (1982)")] if published else [])
    for i, (kind, words) in enumerate(legend):
        x, y = left + width - 208, top + height - 64 + 24 * i
        if kind == "line":
            out.append('<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="%s" stroke-width="3"/>' % (x, y, x + 24, y, LINE))
        else:
            out.append('<circle cx="%d" cy="%d" r="4.5" fill="#fff" stroke="%s" stroke-width="2"/>' % (x + 12, y, MARK))
        out.append('<text x="%d" y="%d">%s</text>' % (x + 32, y + 4, words))
    out.append('<text x="%d" y="%d" text-anchor="middle">u / lid speed</text>' % (left + width / 2, top + height + 42))
    out.append('<text transform="translate(%d %d) rotate(-90)" text-anchor="middle">y / width</text>' % (
        left - 44, top + height / 2))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 550" width="540" height="550" role="img">'
        "<title>%s</title><style>text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:%s;"
        "font-size:12px}.soft{fill:%s}.title{font-size:16px;font-weight:600}</style>"
        '<rect width="540" height="550" fill="#fff"/>'
        '<text x="28" y="32" class="title">%s</text><text x="28" y="52" class="soft">%s</text>%s</svg>\n'
    ) % (escape(title), INK, SOFT, escape(title), escape(note), "\n".join(out))


def write_rows(path, header, rows):
    with open(path, "w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(header)
        for row in rows:
            table.writerow(["%.6f" % value for value in row])


def main():
    parser = argparse.ArgumentParser(description="Centre line of the cavity beside the published table.")
    parser.add_argument("centreline")
    parser.add_argument("table")
    parser.add_argument("--reynolds", type=float, required=True)
    chosen = parser.parse_args()
    points = read_line(chosen.centreline)
    published = read_table(chosen.table, chosen.reynolds)
    compared = [(y, at(points, y), u, at(points, y) - u) for y, u in published]
    rms = math.sqrt(sum(row[3] ** 2 for row in compared) / len(compared)) if compared else None
    summary = {
        "reynolds": chosen.reynolds,
        "points": len(points),
        "u_min": min(u for _, u in points),
        "y_of_u_min": min(points, key=lambda point: point[1])[0],
        "rms_difference": rms,
        "reference": "Ghia, Ghia and Shin (1982), Table I" if compared else None,
    }
    note = "rms difference %.4f of the lid speed" % rms if compared else "no published table for this Reynolds number"
    write_rows("profile.csv", ["y", "u"], points)
    write_rows("comparison.csv", ["y", "u", "u_published", "difference"], compared)
    with open("summary.json", "w") as stream:
        json.dump(summary, stream, indent=1, sort_keys=True)
    with open("profile.svg", "w", encoding="utf-8") as stream:
        stream.write(plot(points, published, "Lid-driven cavity at Re = %g" % chosen.reynolds, note))
    print("Re = %g: %s" % (chosen.reynolds, note))


if __name__ == "__main__":
    main()
