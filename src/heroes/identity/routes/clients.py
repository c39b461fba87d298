"""Programs that ask for tokens by OAuth 2, of one's own organization."""

from fastapi import APIRouter

from heroes.identity.door import Tx, Who
from heroes.identity.models import Client
from heroes.identity.schemas import ClientChange, ClientIn, ClientOut, NewClientOut
from heroes.identity.service import clients
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, SignIn
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/admin/clients", tags=["administration"])


@router.post("", status_code=201, responses=problems(SignIn, Denied, NotFound, Conflict, Invalid))
async def create_client(body: ClientIn, who: Who, session: Tx, once: OnceOnly) -> NewClientOut:
    """Register a program: with a service account it acts by itself, with redirect addresses for people who sign in."""

    async def make() -> NewClientOut:
        row, secret = await clients.create_client(
            session,
            who,
            name=body.name,
            user=body.user,
            redirect_uris=body.redirect_uris,
            public=body.public,
            actions=body.actions,
            projects=body.projects,
        )
        return NewClientOut.of(row, client_secret=secret)

    answer: NewClientOut = await once(session, who, body, make, shown_once=["client_secret"])
    return answer


@router.get("", responses=problems(SignIn, Denied))
async def list_clients(who: Who, session: Tx, page: Paged) -> list[ClientOut]:
    """List the programs of the organization, and when each last asked for tokens by itself."""
    return await page.of(session, clients.clients_of(who), [Client.id], ClientOut.of)


@router.patch("/{client_id}", responses=problems(SignIn, Denied, NotFound, Invalid))
async def change_client(client_id: str, body: ClientChange, who: Who, session: Tx) -> ClientOut:
    """Give a program another name, or other addresses that people go back to; sign-ins under way end at the old."""
    changed = body.model_dump(exclude_none=True)
    return ClientOut.of(await clients.change_client(session, who, client_id, **changed))


@router.delete("/{client_id}", status_code=204, responses=problems(SignIn, Denied, NotFound))
async def revoke_client(client_id: str, who: Who, session: Tx) -> None:
    """End a program and all its sessions at once."""
    await clients.revoke_client(session, who, client_id)
