"""Potential flow around an airfoil: vortex panels of linear strength, one angle of attack.

    python3 panel.py OUTLINE --alpha DEGREES [--panels N]          writes polar.json

The method is that of Kuethe and Chow (Foundations of Aerodynamics): the vortex strength is linear along each panel
and continuous at the corners, the flow is tangent at the middle of each panel, and at the trailing edge the strengths
of both sides cancel (Kutta condition). Written with complex velocities: a sheet of clockwise strength g(s) on the
real axis gives u - iw = i/(2 pi) * integral of g(s) / (z - s) ds.
"""
import argparse
import cmath
import json
import math
import sys

import outline


def solve(corners, alphas):
    """For each angle [rad]: strengths at the corners, for unit speed. `corners` run upper side first and close."""
    corners = [complex(x, y) for x, y in reversed(corners)]  # clockwise: the flow is on the left of each panel
    panels = len(corners) - 1
    sides = [corners[j + 1] - corners[j] for j in range(panels)]
    lengths = [abs(side) for side in sides]
    along = [side / length for side, length in zip(sides, lengths)]
    middles = [(corners[j] + corners[j + 1]) / 2.0 for j in range(panels)]
    matrix = []
    for i in range(panels):
        row = [0.0] * (panels + 1)
        for j in range(panels):
            first, second = _influence(middles[i], corners[j], along[j], lengths[j], i == j)
            turn = along[i] / along[j]  # from the frame of panel j to that of panel i
            row[j] += -(first * turn).imag
            row[j + 1] += -(second * turn).imag
        matrix.append(row)
    matrix.append([1.0] + [0.0] * (panels - 1) + [1.0])
    columns = []
    for alpha in alphas:
        stream = cmath.exp(-1j * alpha)  # u - iw of the free stream
        columns.append([(stream * along[i]).imag for i in range(panels)] + [0.0])
    return corners, lengths, along, middles, eliminate(matrix, columns)


def _influence(point, start, along, length, same):
    """u - iw, in the frame of a panel, per unit strength at its first and at its second corner."""
    z = (point - start) / along
    if same:
        logarithm = complex(0.0, -math.pi)  # the middle, seen from the outside
    else:
        ahead, behind = z, z - length
        angle = math.atan2(ahead.imag * behind.real - ahead.real * behind.imag,
                           ahead.real * behind.real + ahead.imag * behind.imag)
        logarithm = complex(math.log(abs(ahead) / abs(behind)), angle)
    share = z / length
    factor = 1j / (2.0 * math.pi)
    return factor * ((1.0 - share) * logarithm + 1.0), factor * (share * logarithm - 1.0)


def eliminate(matrix, columns):
    """Solutions of matrix x = column by Gaussian elimination with row pivoting. Raises ZeroDivisionError."""
    n = len(matrix)
    rows = [list(row) + [column[i] for column in columns] for i, row in enumerate(matrix)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(rows[i][k]))
        if abs(rows[best][k]) < 1e-14:
            raise ZeroDivisionError("the system of panels is singular")
        rows[k], rows[best] = rows[best], rows[k]
        pivot = rows[k]
        tail = pivot[k + 1:]
        for i in range(k + 1, n):
            row = rows[i]
            if row[k] != 0.0:
                factor = row[k] / pivot[k]
                row[k + 1:] = [a - factor * b for a, b in zip(row[k + 1:], tail)]
    solutions = []
    for c in range(len(columns)):
        x = [0.0] * n
        for k in range(n - 1, -1, -1):
            row = rows[k]
            x[k] = (row[n + c] - sum(row[j] * x[j] for j in range(k + 1, n))) / row[k]
        solutions.append(x)
    return solutions


def coefficients(corners, alpha):
    """Lift, moment about the quarter chord, and pressure along the panels, at one angle [rad]; chord 1."""
    points, lengths, along, middles, (strengths,) = solve(corners, [alpha])
    panels = len(lengths)
    circulation = sum(0.5 * (strengths[j] + strengths[j + 1]) * lengths[j] for j in range(panels))
    quarter = min(point.real for point in points) + 0.25
    speeds = [0.5 * (strengths[j] + strengths[j + 1]) for j in range(panels)]  # the flow inside is at rest
    pressures = [1.0 - speed * speed for speed in speeds]
    moment = 0.0
    for j in range(panels):
        force = pressures[j] * lengths[j] * 1j * along[j] * -1.0  # pressure pushes against the outward normal
        arm = middles[j] - complex(quarter, 0.0)
        moment -= (arm.conjugate() * force).imag  # nose up is positive
    return 2.0 * circulation, moment, [(m.real, m.imag, p) for m, p in zip(middles, pressures)]


def polar(loop, alpha_deg, panels):
    """What is written for one angle."""
    closed, gap = outline.close(loop)
    cl, cm, cp = coefficients(outline.lay_panels(closed, panels), math.radians(alpha_deg))
    return {
        "alpha_deg": alpha_deg,
        "cl": cl,
        "cm": cm,
        "panels": panels,
        "trailing_edge_gap": gap,
        "cp": [{"x": round(x, 6), "y": round(y, 6), "cp": round(p, 6)} for x, y, p in cp],
    }


def main():
    parser = argparse.ArgumentParser(description="Potential flow around an airfoil at one angle of attack.")
    parser.add_argument("outline", help="coordinates, Selig or Lednicer")
    parser.add_argument("--alpha", type=float, required=True, help="angle of attack in degrees")
    parser.add_argument("--panels", type=int, default=160)
    chosen = parser.parse_args()
    try:
        name, loop = outline.read(chosen.outline)
        if not 10 <= chosen.panels <= 2000:
            raise outline.BadOutline("the number of panels must be between 10 and 2000")
        result = polar(loop, chosen.alpha, chosen.panels)
    except (outline.BadOutline, OSError, ZeroDivisionError) as wrong:
        sys.exit("%s: %s" % (chosen.outline, wrong))
    result["airfoil"] = name
    with open("polar.json", "w") as stream:
        json.dump(result, stream)
    print("%s at %g deg: cl = %.4f, cm = %.4f" % (name, chosen.alpha, result["cl"], result["cm"]))


if __name__ == "__main__":
    main()
