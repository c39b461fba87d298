"""Outline of a NACA four-digit airfoil in Selig order: python3 naca4.py 2412 > naca2412.dat

Formulas of NACA Report 460 (1933), with the original open trailing edge; points are spaced by cosine.
"""
import math
import sys


def outline(digits, points=81):
    """Points (x, y) from the upper trailing edge around the leading edge to the lower one; chord 1."""
    camber, place, thickness = int(digits[0]) / 100.0, int(digits[1]) / 10.0, int(digits[2:]) / 100.0
    upper, lower = [], []
    for i in range(points):
        x = 0.5 * (1.0 - math.cos(math.pi * i / (points - 1)))
        half = 5.0 * thickness * (
            0.2969 * math.sqrt(x) - 0.1260 * x - 0.3516 * x ** 2 + 0.2843 * x ** 3 - 0.1015 * x ** 4
        )
        if camber == 0.0:
            line, slope = 0.0, 0.0
        elif x < place:
            line = camber / place ** 2 * (2.0 * place * x - x ** 2)
            slope = 2.0 * camber / place ** 2 * (place - x)
        else:
            line = camber / (1.0 - place) ** 2 * (1.0 - 2.0 * place + 2.0 * place * x - x ** 2)
            slope = 2.0 * camber / (1.0 - place) ** 2 * (place - x)
        angle = math.atan(slope)
        upper.append((x - half * math.sin(angle), line + half * math.cos(angle)))
        lower.append((x + half * math.sin(angle), line - half * math.cos(angle)))
    return upper[::-1] + lower[1:]


if __name__ == "__main__":
    if len(sys.argv) != 2 or len(sys.argv[1]) != 4 or not sys.argv[1].isdigit():
        sys.exit("usage: naca4.py DIGITS, for example naca4.py 2412")
    print("NACA " + sys.argv[1])
    for x, y in outline(sys.argv[1]):
        print("%10.6f%10.6f" % (x, y))
