"""Drafts: runs that somebody has not finished asking for, kept for that person alone."""

import json
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.executions.models import Draft
from heroes.executions.schemas import DraftIn, DraftOut, Unfinished
from heroes.identity import Action, Caller, visible
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.errors import Conflict, NotFound, TooLarge
from heroes.workflows import service as workflows

DRAFT_KEY = (Draft.id,)
MOST_DRAFTS = 100
"""Of one person: who has more is not coming back to them."""
LARGEST_DRAFT = 256 * 1024  # bytes


def my_drafts(who: Caller) -> Select[Draft]:
    """Return the query of the caller's own drafts."""
    return visible(Draft, who)


async def my_draft(session: AsyncSession, who: Caller, draft_id: str, *, lock: bool = False) -> Draft:
    """Return one of the caller's own drafts. Raises NotFound."""
    found = await _find(session, who, draft_id, lock=lock)
    if found is None:
        raise NotFound("There is no such draft of yours: it was submitted or removed.", code="no_draft")
    return found


async def _find(session: AsyncSession, who: Caller, draft_id: str, *, lock: bool) -> Draft | None:
    """Return the draft as the database has it now, whatever the session read before."""
    query = my_drafts(who).where(Draft.id == draft_id).execution_options(populate_existing=True)
    found: Draft | None = await session.scalar(query.with_for_update(**LOCK) if lock else query)
    return found


async def keep_draft(session: AsyncSession, who: Caller, draft_id: str, body: DraftIn) -> Draft:
    """Keep a draft as it is now, a new one too.

    Raises Denied, NotFound for a new one of no workflow, TooLarge, Conflict when it was changed meanwhile or when there
    are too many.
    """
    if not who.anywhere(Action.WORKFLOW_RUN):
        who.must(Action.WORKFLOW_RUN)
    content = body.model_dump(mode="json", exclude={"revision"}, exclude_unset=True)
    if len(json.dumps(content).encode()) > LARGEST_DRAFT:
        raise TooLarge(f"A draft may have {LARGEST_DRAFT // 1024} KiB; give large inputs as files.", case="large_draft")
    row = await _find(session, who, draft_id, lock=True)
    if row is None and body.revision:
        raise Conflict(
            "This draft is gone: it was submitted or removed elsewhere. Save it as a new one.", code="draft_gone"
        )
    if row is None:
        await _make(session, who, draft_id, content)
    elif body.revision is not None and body.revision != row.revision:
        raise Conflict(
            "This draft was changed elsewhere meanwhile. Read it again, or save it without a revision.",
            code="draft_changed",
            revision=row.revision,
        )
    else:
        row.asked, row.revision = content, row.revision + 1
        await session.flush()
    return await my_draft(session, who, draft_id)


async def _make(session: AsyncSession, who: Caller, draft_id: str, content: dict[str, Any]) -> None:
    workflow = await workflows.find(session, who, content["asked"]["wtid"])
    mine = select(func.count()).select_from(my_drafts(who).subquery())
    if (await session.scalar(mine) or 0) >= MOST_DRAFTS:
        raise Conflict(f"You keep {MOST_DRAFTS} drafts; remove some, or submit them.", code="too_many_drafts")
    made = insert(Draft).values(
        organization_id=who.organization_id,
        user_id=who.user_id,
        id=draft_id,
        revision=1,
        title=workflow.title or workflow.name,
        asked=content,
    )
    # Two savings of one new draft at once: the later one stays.
    replaced = {"asked": made.excluded.asked, "revision": Draft.revision + 1, "updated_at": heroes_now()}
    await session.execute(made.on_conflict_do_update(index_elements=[Draft.user_id, Draft.id], set_=replaced))


async def drop_draft(session: AsyncSession, who: Caller, draft_id: str) -> None:
    """Remove one of the caller's own drafts. Raises NotFound."""
    await session.delete(await my_draft(session, who, draft_id, lock=True))


def draft_out(row: Draft) -> DraftOut:
    """Return a draft as the interface gives it."""
    asked = Unfinished.model_validate(row.asked["asked"])
    return DraftOut(
        id=row.id,
        revision=row.revision,
        title=row.title,
        asked=asked,
        source=row.asked.get("source"),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
