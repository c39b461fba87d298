"""The Python client of a HEROES platform; the command line uses nothing else.

from heroes.client import Heroes
with Heroes("https://heroes.example", token="…") as heroes:
    heroes.run("airfoil", {"airfoil": "home:wing/naca2412.dat"})
"""

from heroes.client.errors import ApiError, Unanswered
from heroes.client.platform import Heroes, TokenSet

__all__ = ["ApiError", "Heroes", "TokenSet", "Unanswered"]
