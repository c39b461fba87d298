"""The Python client of a HEROES platform; the command line uses nothing else.

from heroes.client import Heroes
with Heroes("https://heroes.example", token="…") as heroes:
    heroes.run("airfoil", {"airfoil": "home:wing/naca2412.dat"})
"""

from heroes.client.errors import ApiError, Damaged, Unanswered
from heroes.client.platform import ENDED, Heroes
from heroes.client.tokens import Keeper, Memory, TokenSet

__all__ = ["ENDED", "ApiError", "Damaged", "Heroes", "Keeper", "Memory", "TokenSet", "Unanswered"]
