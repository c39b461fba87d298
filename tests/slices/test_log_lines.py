"""What a job printed as numbered lines, while it runs and after."""

import httpx
import pytest
from people import make_organization, make_user
from test_logs import LOG, Place, place

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
__all__ = ["place"]

MANY = 100_000


async def told(place: Place, what: str, status: int = 200, **params: object) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        address = f"{place.url}{LOG.format(place.wid)}/{what}"
        answer = await client.get(address, params=params, headers=await place.headers(place.lea))
    assert answer.status_code == status, answer.text
    return answer


async def test_while_it_runs_lines_have_numbers_and_the_time_at_which_the_platform_saw_them(place: Place):
    place.prints(b"begun\nWARNING: low\nhalf a li")
    await place.asked()
    shown = (await told(place, "lines")).json()
    assert [(one["number"], one["text"], one["level"]) for one in shown["lines"]] == [
        (1, "begun", None),
        (2, "WARNING: low", "warning"),
        (3, "half a li", None),
    ]
    assert all(one["seen_at"] for one in shown["lines"])
    assert (shown["total"], shown["ended"], shown["levels"]["warning"]) == (3, False, 1)
    place.prints(b"ne\n")
    more = await place.asked(offset=shown["next_offset"])
    for _ in range(100):  # the first answer may tell of a look that began before the job printed this
        if more["content"]:
            break
        more = await place.asked(offset=shown["next_offset"])
    assert more["content"] == "ne\n", "where the lines end the following pieces begin"


async def test_a_hundred_thousand_lines_are_shown_from_the_end_searched_and_narrowed(place: Place):
    place.prints(b"".join(b"%s %d\n" % (b"error" if n % 1000 == 0 else b"row", n) for n in range(1, MANY + 1)))
    offset = 0
    while offset < place.output.stat().st_size:
        offset = (await place.asked(offset=offset))["next_offset"]
    await place.end()
    newest = (await told(place, "lines")).json()
    assert (newest["total"], newest["begin"], len(newest["lines"])) == (MANY, MANY - 1000, 1000)
    assert newest["lines"][-1]["text"] == f"error {MANY}"
    assert (newest["ended"], newest["complete"], newest["levels"]["error"]) == (True, True, 100)
    [there] = (await told(place, "lines", begin=1233, limit=1)).json()["lines"]
    assert (there["number"], there["text"]) == (1234, "row 1234")
    wrong = (await told(place, "lines", level="error", begin=1, limit=2)).json()
    assert (wrong["total"], [one["number"] for one in wrong["lines"]]) == (100, [2000, 3000])
    both = (await told(place, "lines", level="error", search="ERROR 99", begin=0)).json()
    assert [one["number"] for one in both["lines"]] == [99_000]
    found = (await told(place, "matches", search="ROW 99")).json()
    assert (found["total"], found["numbers"][:2]) == (1110, [99, 990])
    everything = (await told(place, "matches", search="r")).json()
    assert (everything["total"], len(everything["numbers"])) == (MANY, 10_000)
    file = await told(place, "text")
    assert len(file.text.splitlines()) == MANY
    assert file.headers["content-disposition"].startswith("attachment;")
    past = (await told(place, "lines", begin=MANY + 5)).json()
    assert (past["lines"], past["total"]) == ([], MANY)


async def test_nobody_else_reads_its_lines_and_a_job_that_has_not_begun_has_none(place: Place):
    rival = await make_organization(place.database, "rival")
    eve = await make_user(place.database, rival, "eve", ["organization_admin"])
    async with httpx.AsyncClient() as client:
        for what in ("lines", "text", "matches?search=a"):
            answer = await client.get(f"{place.url}{LOG.format(place.wid)}/{what}", headers=await place.headers(eve))
            assert answer.status_code == 404, what
    await place.job(submission_id=None, state="PLACED")
    assert "not started" in (await told(place, "lines", 404)).json()["detail"]
