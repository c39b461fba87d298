"""Commands and queries of costs."""

from heroes.costs.service.budgets import (
    budget_of,
    change_budget,
    close_budget,
    create_budget,
    currencies,
    left,
    statements,
    stopped,
)
from heroes.costs.service.closing import Sheet, statement
from heroes.costs.service.members import Member, put_back_members, settle_members, share
from heroes.costs.service.reservations import (
    draw,
    left_for,
    named,
    put_back,
    release,
    reserve,
    top_up,
    whom_to_ask,
)
from heroes.costs.service.settlement import ExecutionCost, of_execution, settle
from heroes.costs.service.storage import Stored, stored
from heroes.costs.service.tariffs import (
    create_tariff,
    end_tariff,
    in_force,
    longest_walltime,
    queue_named,
    tariff_at,
    tariff_now,
    tariff_of,
    worst_case_of,
    worst_case_of_one,
)
from heroes.costs.service.usage import By, Total, charged, totals

__all__ = [
    "By",
    "ExecutionCost",
    "Member",
    "Sheet",
    "Stored",
    "Total",
    "budget_of",
    "change_budget",
    "charged",
    "close_budget",
    "create_budget",
    "create_tariff",
    "currencies",
    "draw",
    "end_tariff",
    "in_force",
    "left",
    "left_for",
    "longest_walltime",
    "named",
    "of_execution",
    "put_back",
    "put_back_members",
    "queue_named",
    "release",
    "reserve",
    "settle",
    "settle_members",
    "share",
    "statement",
    "statements",
    "stopped",
    "stored",
    "tariff_at",
    "tariff_now",
    "tariff_of",
    "top_up",
    "totals",
    "whom_to_ask",
    "worst_case_of",
    "worst_case_of_one",
]
