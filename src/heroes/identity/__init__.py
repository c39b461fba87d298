"""Identity: who may do what, with which key."""

from heroes.identity import sql as _sql  # noqa: F401  registers what answers before an organization is known
from heroes.identity.door import BROWSER, MaybeWho, Tx, Who, signs_in_elsewhere, still
from heroes.identity.reach import granted, visible
from heroes.identity.rules import Action, Caller
from heroes.identity.service import life as _life  # noqa: F401  registers identity's part in the life cycle

__all__ = ["BROWSER", "Action", "Caller", "MaybeWho", "Tx", "Who", "granted", "signs_in_elsewhere", "still", "visible"]
