"""SSH key pairs that are made here: make, list, revoke."""

from fastapi import APIRouter, Request

from heroes.identity.door import Tx, Who, secrets_of
from heroes.identity.models import Credential
from heroes.identity.schemas import CredentialChange, CredentialIn, CredentialOut, NewCredentialOut
from heroes.identity.service import credentials
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, SignIn
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/credential", tags=["credentials"])


@router.post("", status_code=201, responses=problems(SignIn, Denied, Conflict, Invalid))
async def create_credential(
    body: CredentialIn, request: Request, who: Who, session: Tx, once: OnceOnly
) -> NewCredentialOut:
    """Make an SSH key pair. The private half never leaves; the token that uses it is shown once."""

    async def make() -> NewCredentialOut:
        row, token = await credentials.make(session, who, secrets_of(request), title=body.title, labels=body.metadata)
        return NewCredentialOut.of(row, token=token)

    answer: NewCredentialOut = await once(session, who, body, make, shown_once=["token"])
    return answer


@router.get("/list", responses=problems(SignIn, Denied))
async def list_credentials(who: Who, session: Tx, page: Paged, everyone: bool = False) -> list[CredentialOut]:
    """List one's own key pairs with their last use, or with `everyone` those of the whole organization."""
    query = credentials.credentials_of(who, everyone=everyone)
    return await page.of(session, query, [Credential.id], CredentialOut.of)


@router.patch("/{credential_id}", responses=problems(SignIn, Denied, NotFound, Invalid))
async def change_credential(credential_id: str, body: CredentialChange, who: Who, session: Tx) -> CredentialOut:
    """Give a key pair another title."""
    return CredentialOut.of(await credentials.retitle(session, who, credential_id, body.title))


@router.delete("/{credential_id}", status_code=204, responses=problems(SignIn, Denied, NotFound))
async def revoke_credential(credential_id: str, request: Request, who: Who, session: Tx) -> None:
    """End a key pair at once; its private half is deleted, connections made with it are closed."""
    await credentials.revoke(session, who, secrets_of(request), credential_id)
