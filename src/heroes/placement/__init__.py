"""Placement: constrain, predict, rank, explain; and what really happened."""
