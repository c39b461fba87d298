"""Who is told what something cost: the one rule that the books, lists, runs and their jobs follow.

Whoever began a run always learns what it reserved and was charged; of others' only who keeps the books does, in the
whole organization or in one project. Prices are no secret of a run: `cost.read` shows those, and a decision its offers.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, true

from heroes.identity.rules import Action, Caller


def sees(who: Caller, row: Any) -> bool:
    """Say whether the caller is told the amounts of this row of the own organization."""
    return row.user_id == who.user_id or who.can(Action.LEDGER_READ, row.project_id)


def seen(table: Any, who: Caller) -> ColumnElement[bool]:
    """Return the same as a condition on a table's rows."""
    if who.can(Action.LEDGER_READ):
        return true()
    return or_(table.user_id == who.user_id, table.project_id.in_(who.projects_with(Action.LEDGER_READ)))
