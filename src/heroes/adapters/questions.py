"""What every batch system spoken to by commands shares: composite questions, and the one command that orders.

A question is one remote script; its parts stand between lines with a mark that nobody can foresee, each with the exit
status of its command, so that one silent daemon does not silence the others. Values reach the script as arguments or by
stdin, never inside its text.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from heroes.adapters.ports import NO_ROOM, AlreadyOrdered, Busy, NoRoom, Order, Shell
from heroes.kit.errors import Garbled, Refused, Unreachable

QUESTION_TIMEOUT_S = 90.0
SUBMIT_TIMEOUT_S = 120.0
"""submitting commands try for a minute and more by themselves when the scheduler is busy"""

_PRELUDE = r"""
mark=$1; shift
limit=; command -v timeout >/dev/null 2>&1 && limit='timeout 25'
part() { # NAME COMMAND...: its output, then its status
  name=$1; shift
  printf '%s %s\n' "$mark" "$name"
  "$@" </dev/null 2>&1
  printf '\n%s . %s\n' "$mark" "$?"
}
part clock date '+%s %z'
"""
_ORDER = r"""
mark=$1 folder=$2/$3 doubt=$4 most=$5; shift 5
trap '' HUP PIPE
if ! said=$(mkdir -m 700 -- "$folder" 2>&1); then
  if [ -d "$folder" ]; then
    printf '%s ordered\n%s\n%s . 0\n' "$mark" "$(cat -- "$folder/.ordered" 2>/dev/null)" "$mark"
  else
    printf '%s folder\n%s\n%s . 1\n' "$mark" "$said" "$mark"
  fi
  exit 0
fi
said=$("$@" 2>&1); status=$?
if [ "$status" = 0 ]; then
  printf '%s\n' "$said" >"$folder/.ordered"
elif [ -n "$said" ] && [ "$status" -le "$most" ] && ! printf '%s' "$said" | grep -Eiq -- "$doubt"; then
  rmdir -- "$folder" # surely not taken: the same order may be tried again
fi
printf '%s said\n%s\n%s . %s\n' "$mark" "$said" "$mark" "$status"
"""


@dataclass(frozen=True, slots=True)
class Section:
    """The output of one command of a composite question. Its status is None if the answer breaks off within it."""

    text: str
    status: int | None

    @property
    def silence(self) -> str | None:
        """Why the command gave no answer, or None if it did."""
        if self.status == 0:
            return None
        if self.status is None:
            return "the answer broke off"
        if self.status == 124:
            return "no answer in time"
        return " ".join(self.text.split())[:500] or f"exit status {self.status}"


def sections(text: str, mark: str) -> dict[str, Section]:
    """Split a composite answer, in which "MARK name" begins and "MARK . status" ends each part. Raises Garbled."""
    found: dict[str, Section] = {}
    name: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith(mark):
            lines.append(line)
            continue
        words = line.split(" ")
        if words[1] != ".":
            name, lines = words[1], []
            found[name] = Section("", None)
        elif name is not None:
            found[name] = Section("\n".join(lines).strip("\n"), int(words[2]))
    if not found:
        raise Garbled(
            "The site's shell answered without the parts asked for.", code="shell_garbled", answer=text[:2000]
        )
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """The site's clock: its time and its zone's offset."""

    now: datetime
    offset: timedelta

    def ahead(self, asked_at: datetime, answered_at: datetime) -> float:
        """Seconds by which it is surely ahead of ours (behind: negative); it was read between these times of ours."""
        if self.now > answered_at:
            return (self.now - answered_at).total_seconds()
        # `date` drops the fraction of a second
        return min(0.0, (self.now - asked_at).total_seconds() + 1)


def clock(text: str) -> Clock:
    """Read `date '+%s %z'`. Raises Garbled."""
    match = re.search(r"(\d+) ([+-])(\d\d)(\d\d)", text)
    if match is None:
        raise Garbled("The site's `date` gives no time.", code="no_clock", answer=text[:200])
    offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == "-" else 1)
    return Clock(datetime.fromtimestamp(int(match[1]), UTC), offset)


async def ask(shell: Shell, script: str, arguments: Sequence[str] = (), stdin: bytes = b"") -> dict[str, Section]:
    """Ask a composite question; the answer always has the part `clock`. Raises Unreachable, Garbled."""
    mark = f"@@{secrets.token_hex(6)}"
    argv = ["/bin/sh", "-c", _PRELUDE + script, "sh", mark, *arguments]
    answer = await shell.run(argv, stdin=stdin, timeout=QUESTION_TIMEOUT_S)
    return sections(answer.stdout, mark)


# -------------------------------------------------------------------------------------------------------------- orders


class No(NamedTuple):
    """What a scheduler says when it says no, as a pattern, and what that means."""

    pattern: str
    kind: Literal["no", "busy"]
    words: str


@dataclass(frozen=True, slots=True)
class Orders:
    """How a submitting command speaks: which words leave a doubt, which refuse."""

    command: str
    in_doubt: str
    """an extended regular expression, case ignored: the scheduler may have taken the job"""
    refusals: Sequence[No]
    read_id: Callable[[str], str | None]
    highest_no: int = 123
    """the highest exit status by which the command says no; above it, it was killed or its time was up"""

    def refusal(self, said: str) -> No:
        """Return what the words mean. An unknown no is a no, in the scheduler's own words."""
        for no in self.refusals:
            if re.search(no.pattern, said, re.IGNORECASE):
                return no
        return No("", "no", "The scheduler refused the job.")

    async def give(self, shell: Shell, order: Order, argv: Sequence[str], stdin: bytes = b"") -> str:
        """Make the token's folder, exclusively, and submit by this command; return what it said when it took the job.

        Raises AlreadyOrdered, Refused and Busy (surely nothing was submitted), Unreachable (in doubt).
        """
        mark = f"@@{secrets.token_hex(6)}"
        given = [mark, order.folder, order.token, self.in_doubt, str(self.highest_no), *argv]
        answer = await shell.run(["/bin/sh", "-c", _ORDER, "sh", *given], stdin=stdin, timeout=SUBMIT_TIMEOUT_S)
        parts = sections(answer.stdout, mark)
        if "ordered" in parts:
            former = self.read_id(parts["ordered"].text)
            raise AlreadyOrdered(
                f"The order {order.token} was given before" + (f" and became job {former}." if former else "."),
                site_id=former,
            )
        if "folder" in parts and NO_ROOM.search(parts["folder"].text):
            raise Busy(NoRoom("The order's folder cannot be made.").detail)
        if "folder" in parts:
            raise Refused(
                f"The folder {order.folder}/{order.token} cannot be made at the site ({parts['folder'].text}). The "
                f"folder above must exist, and the account may write to it."
            )
        return self._taken(parts["said"])

    def _taken(self, part: Section) -> str:
        said = " ".join(part.text.split())
        if part.status is None:
            raise Unreachable(f"The answer to {self.command} broke off: it is in doubt whether the job was taken.")
        if part.status == 0:
            return part.text
        if not said or part.status > self.highest_no or re.search(self.in_doubt, said, re.IGNORECASE):
            raise Unreachable(
                f"The scheduler did not answer; it is in doubt whether the job was taken. It says: {said}"
            )
        no = self.refusal(said)
        if no.kind == "busy":
            raise Busy(f"{no.words} It says: {said}", said=said)
        raise Refused(f"{no.words} It says: {said}", said=said)


def cancelled(part: Section, command: str, scheduler: str, *, fine: str, denied: str) -> None:
    """Take the answer to a cancelling command. What the pattern `fine` matches says that a job has ended already.

    Raises Refused where the words match `denied`, and Unreachable where nobody can tell whether it was done.
    """
    told = [line for line in part.text.splitlines() if line.strip()]
    complaints = [line for line in told if not re.search(fine, line, re.IGNORECASE)]
    if part.status == 0 or (told and not complaints and part.status not in (None, 124)):
        return
    said = " ".join(complaints) or part.silence or ""
    if re.search(denied, said, re.IGNORECASE):
        raise Refused(f"The account may not cancel these jobs; ask the site's staff. {scheduler} says: {said}")
    raise Unreachable(f"{command} was not answered: {said}")


def checked_ids(site_ids: Collection[str], pattern: str, scheduler: str) -> list[str]:
    """Return the ids, sorted, each once. Cancelling commands also take names and options, so others are Refused."""
    wrong = [each for each in site_ids if not re.fullmatch(pattern, each)]
    if wrong:
        raise Refused(f"These are not ids of {scheduler} jobs: {', '.join(map(repr, wrong[:5]))}.")
    return sorted(set(site_ids))


def lines_of(ids: Iterable[str]) -> bytes:
    """Return ids as a script reads them from stdin."""
    return "".join(f"{each}\n" for each in ids).encode()
