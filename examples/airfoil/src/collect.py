"""Collects polar.json files, one per angle, into polar.csv and polar.svg: python3 collect.py FOLDER"""
import csv
import glob
import json
import math
import os
import sys
from xml.sax.saxutils import escape

INK, SOFT, GRID, PAPER = "#1d2733", "#5d6b7a", "#dfe5eb", "#ffffff"
COLOURS = ["#0b6fb8", "#d1495b", "#2a9d6f", "#b8860b", "#7a4fb5", "#00868b", "#c2571a", "#5a6672"]
STYLE = (
    "text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:%s;font-size:12px}"
    ".soft{fill:%s}.title{font-size:17px;font-weight:600}.name{font-size:13px;font-weight:600}" % (INK, SOFT)
)


def read(folder):
    """All results below a folder, sorted by angle."""
    paths = glob.glob(os.path.join(glob.escape(folder), "**", "polar.json"), recursive=True)
    results = []
    for path in paths:
        with open(path) as stream:
            results.append(json.load(stream))
    return sorted(results, key=lambda result: result["alpha_deg"])


def write_table(results, path):
    with open(path, "w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["alpha_deg", "cl", "cm_quarter_chord", "cp_min", "panels"])
        for result in results:
            lowest = min(point["cp"] for point in result["cp"])
            numbers = ["%.6f" % value for value in (result["cl"], result["cm"], lowest)]
            table.writerow(["%g" % result["alpha_deg"], *numbers, result["panels"]])


def lift_line(results):
    """(lift slope per degree, lift at zero) by least squares, or None with fewer than two angles."""
    n = len(results)
    mean_a = sum(r["alpha_deg"] for r in results) / n
    mean_c = sum(r["cl"] for r in results) / n
    spread = sum((r["alpha_deg"] - mean_a) ** 2 for r in results)
    if spread < 1e-12:
        return None
    slope = sum((r["alpha_deg"] - mean_a) * (r["cl"] - mean_c) for r in results) / spread
    return slope, mean_c - slope * mean_a


def ticks(low, high, about=6):
    """Round numbers that cover low to high."""
    if high - low < 1e-9:
        low, high = low - 1.0, high + 1.0
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * base for base in (1, 2, 2.5, 5, 10) if power * base >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


class Axes:
    """A frame with its scales. Positions in px, values in the data's unit; y grows upwards unless flipped."""

    def __init__(self, left, top, width, height, x_ticks, y_ticks, flipped=False):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.x_ticks, self.y_ticks, self.flipped = x_ticks, y_ticks, flipped

    def x(self, value):
        low, high = self.x_ticks[0], self.x_ticks[-1]
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value):
        low, high = self.y_ticks[0], self.y_ticks[-1]
        share = (value - low) / (high - low)
        return self.top + (share if self.flipped else 1.0 - share) * self.height

    def frame(self, x_label, y_label, name):
        out = [text(self.left, self.top - 14, name, "name")]
        for value in self.x_ticks:
            x = self.x(value)
            out.append(line(x, self.top, x, self.top + self.height, GRID))
            out.append(text(x, self.top + self.height + 18, label(value), "soft", "middle"))
        for value in self.y_ticks:
            y = self.y(value)
            out.append(line(self.left, y, self.left + self.width, y, SOFT if value == 0 else GRID))
            out.append(text(self.left - 8, y + 4, label(value), "soft", "end"))
        out.append(text(self.left + self.width / 2.0, self.top + self.height + 38, x_label, None, "middle"))
        out.append(
            '<text transform="translate(%.1f %.1f) rotate(-90)" text-anchor="middle">%s</text>'
            % (self.left - 46, self.top + self.height / 2.0, escape(y_label))
        )
        return out

    def path(self, points, colour, width=1.8, dash=None):
        shape = "M" + "L".join("%.2f %.2f" % (self.x(x), self.y(y)) for x, y in points)
        dashed = ' stroke-dasharray="%s"' % dash if dash else ""
        return '<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linejoin="round"%s/>' % (
            shape, colour, width, dashed)


def label(value):
    return ("%g" % value).replace("-", "\u2212")


def text(x, y, words, kind=None, anchor=None):
    extra = (' class="%s"' % kind if kind else "") + (' text-anchor="%s"' % anchor if anchor else "")
    return '<text x="%.1f" y="%.1f"%s>%s</text>' % (x, y, extra, escape(words))


def line(x1, y1, x2, y2, colour, width=1):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%g"/>' % (
        x1, y1, x2, y2, colour, width)


def lift_plot(results):
    """Lift over angle, with its straight line and that of the thin airfoil."""
    angles = [result["alpha_deg"] for result in results]
    lifts = [result["cl"] for result in results]
    fit = lift_line(results)
    axes = Axes(74, 84, 360, 330, ticks(min(angles), max(angles)), ticks(min([0.0, *lifts]), max([0.0, *lifts])))
    out = axes.frame("angle of attack [deg]", "lift coefficient", "Lift")
    if fit:
        slope, zero = fit
        ends = (min(angles), max(angles))
        out.append(axes.path([(a, zero + slope * a) for a in ends], COLOURS[0]))
        note = "slope %.3f per rad  (thin airfoil: 2\u03c0 = 6.283)" % (slope * 180.0 / math.pi)
        out.append(text(axes.left + 12, axes.top + 20, note, "soft"))
        note = "zero lift at %s\u00b0" % label(round(-zero / slope, 2))
        out.append(text(axes.left + 12, axes.top + 38, note, "soft"))
    for i, (a, c) in enumerate(zip(angles, lifts)):
        out.append(
            '<circle cx="%.2f" cy="%.2f" r="5" fill="%s" stroke="%s" stroke-width="1.5">'
            "<title>%s deg: %.4f</title></circle>"
            % (axes.x(a), axes.y(c), COLOURS[i % len(COLOURS)], PAPER, label(a), c)
        )
    return out


def pressure_plot(results):
    """Pressure along the chord at each angle (suction upwards), with the outline below."""
    lowest = max(-12.0, min(point["cp"] for result in results for point in result["cp"]))
    axes = Axes(520, 84, 360, 240, ticks(0.0, 1.0, 5), ticks(lowest, 1.0), flipped=True)
    out = axes.frame("", "pressure coefficient", "Pressure")
    out.append('<clipPath id="frame"><rect x="%g" y="%g" width="%g" height="%g"/></clipPath>' % (
        axes.left, axes.top, axes.width, axes.height))
    out.append('<g clip-path="url(#frame)">')
    for i, result in enumerate(results):
        points = [(point["x"], point["cp"]) for point in result["cp"]]
        out.append(axes.path(points, COLOURS[i % len(COLOURS)], 1.5))
    out.append("</g>")
    for i, result in enumerate(results[:10]):
        y = axes.top + 14 + 17 * i
        out.append(line(axes.left + axes.width - 68, y, axes.left + axes.width - 48, y, COLOURS[i % len(COLOURS)], 3))
        out.append(text(axes.left + axes.width - 42, y + 4, label(result["alpha_deg"]) + "\u00b0"))
    shape = results[0]["cp"]
    middle = axes.top + axes.height + 64
    points = " ".join("%.2f,%.2f" % (axes.x(p["x"]), middle - p["y"] * axes.width) for p in shape)
    out.append('<polygon points="%s" fill="#eef3f8" stroke="%s" stroke-width="1.3"/>' % (points, INK))
    out.append(text(axes.left + axes.width / 2.0, 452, "x / chord", None, "middle"))
    return out


def plot(results):
    title = "%s \u2014 potential flow, %d panels" % (results[0]["airfoil"], results[0]["panels"])
    body = lift_plot(results) + pressure_plot(results)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 480" width="920" height="480" role="img">'
        "<title>%s</title><style>%s</style>" % (escape(title), STYLE)
        + '<rect width="920" height="480" fill="%s"/>' % PAPER
        + text(28, 36, title, "title")
        + "\n".join(body)
        + "</svg>\n"
    )


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: collect.py FOLDER")
    results = read(sys.argv[1])
    if not results:
        sys.exit("no polar.json below %s" % sys.argv[1])
    write_table(results, "polar.csv")
    with open("polar.svg", "w", encoding="utf-8") as stream:
        stream.write(plot(results))
    print("%d angles of %s collected" % (len(results), results[0]["airfoil"]))


if __name__ == "__main__":
    main()
