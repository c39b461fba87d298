"""Every list is paged by a key, not by an offset: page 1,000 costs what page 1 costs."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.kit.errors import Invalid

Row = TypeVar("Row")


class Page:
    """`limit` and `cursor` of a list; sets the `Link` and `X-Total-Count` headers."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        cursor: Annotated[str | None, Query(max_length=8000)] = None,
    ):
        self._request = request
        self._response = response
        self.limit = limit
        self.after = _decode(cursor) if cursor else None

    async def of(
        self,
        session: AsyncSession,
        query: Select[Any],
        key: Sequence[Any],
        out: Callable[[Any], Any],
        *,
        descending: bool = False,
        total: bool = True,
    ) -> list[Any]:
        """Return one page of `query` ordered by the unique columns `key`, each row through `out`."""
        if total:
            count = await session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
            self._response.headers["X-Total-Count"] = str(count)
        if self.after is not None:
            if len(self.after) != len(key):
                raise Invalid("This cursor belongs to another list; start without one.", case="no_cursor")
            edge = tuple_(*key)
            query = query.where(edge < tuple_(*self.after) if descending else edge > tuple_(*self.after))
        order = [column.desc() if descending else column.asc() for column in key]
        rows = (await session.scalars(query.order_by(*order).limit(self.limit + 1))).all()
        if len(rows) > self.limit:
            rows = rows[: self.limit]
            self.next([getattr(rows[-1], column.key) for column in key])
        return [out(row) for row in rows]

    def cut(self, rows: Iterable[Row], key: Callable[[Row], str]) -> list[Row]:
        """Return one page of rows at hand, few by their nature, in the order of their unique `key`."""
        ordered = sorted(rows, key=key)
        self._response.headers["X-Total-Count"] = str(len(ordered))
        if self.after is not None:
            if len(self.after) != 1 or not isinstance(self.after[0], str):
                raise Invalid("This cursor belongs to another list; start without one.", case="no_cursor")
            ordered = [row for row in ordered if key(row) > self.after[0]]
        if len(ordered) > self.limit:
            self.next([key(ordered[self.limit - 1])])
        return ordered[: self.limit]

    def next(self, values: Sequence[Any]) -> None:
        """Name the next page: the one after these key values."""
        address = self._request.url.include_query_params(cursor=_encode(values), limit=self.limit)
        relative = f"{address.path}?{address.query}"
        self._response.headers["Link"] = f'<{relative}>; rel="next"'


Paged = Annotated[Page, Depends(Page)]


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values), default=str).encode()).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise Invalid("This cursor is not one of ours; start without one.", case="no_cursor") from None
    if not isinstance(values, list):
        raise Invalid("This cursor is not one of ours; start without one.", case="no_cursor")
    return values
