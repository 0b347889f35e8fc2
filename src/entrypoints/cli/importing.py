"""`usher import`: what happened elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import click
import msgspec
from rich_click import RichGroup

from domain.conversations.values import Channel
from entrypoints.cli.output import OK, json_option, show, with_progress
from entrypoints.cli.services import with_services

if TYPE_CHECKING:
    import punq

    from domain.conversations.past import PastConversation
    from domain.shared.access import Actor
    from domain.shared.ids import WorkspaceId
    from entrypoints.settings import Settings

_BATCH: Final = 50
"""Conversations of one transaction."""


class Turn(msgspec.Struct, frozen=True):
    """One message on file. `speaker` is customer, agent (or staff), or assistant; `at` is RFC 3339."""

    speaker: str
    text: str
    at: datetime | None = None


class Line(msgspec.Struct, frozen=True):
    """One conversation, one line of the file. Members that are not named here are passed over."""

    id: str
    turns: list[Turn]
    customer_name: str = "Customer"
    customer_email: str | None = None
    channel: Channel = Channel.CHAT
    subject: str = ""
    is_closed: bool = False


@click.group(cls=RichGroup)
def import_group() -> None:
    """Load what happened elsewhere."""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", help="Where to (wsp_...); else the demo workspace.")
@json_option
def conversations(file: Path, workspace: str | None, as_json: bool) -> int:
    """Load conversations from FILE, one JSON object a line: {id, turns: [{speaker, text}]}.

    Repeatable: those whose id is known are left alone.
    """
    lines = list(_read(file))
    done = {"conversations": len(lines), "turns": sum(len(line.turns) for line in lines), "new": 0, "new_turns": 0}

    async def load(services: "punq.Container", settings: "Settings") -> None:
        from application.conversations.import_conversations import ImportConversations

        if workspace is None and settings.is_production:
            raise click.UsageError("in production, name the workspace: --workspace wsp_...")
        import_conversations = services.resolve(ImportConversations)
        actor = _importer(await _workspace(services, workspace))
        batches = [lines[start : start + _BATCH] for start in range(0, len(lines), _BATCH)]
        for batch in with_progress(batches, label="loading", total=len(batches), as_json=as_json):
            imported = await import_conversations(actor=actor, batch=[_past(line) for line in batch])
            done["new"] += imported.new_conversations
            done["new_turns"] += imported.new_messages

    with_services(load)
    show(
        done, "{conversations} conversations, {turns} turns; new: {new} and {new_turns}".format(**done), as_json=as_json
    )
    return OK


def _read(file: Path) -> Iterator[Line]:
    decoder = msgspec.json.Decoder(Line)
    with file.open("rb") as handle:
        for number, text in enumerate(handle, 1):
            if text.strip():
                try:
                    line = decoder.decode(text)
                except msgspec.DecodeError as error:
                    raise click.ClickException(f"{file}, line {number}: {error}") from error
                if any("\0" in said for said in _texts(line)):
                    raise click.ClickException(f"{file}, line {number}: texts may not hold U+0000")
                yield line


def _texts(line: Line) -> Iterator[str]:
    yield from (line.id, line.subject, line.customer_name, line.customer_email or "")
    yield from (turn.text for turn in line.turns)


def _past(line: Line) -> "PastConversation":
    from domain.conversations.message import Author
    from domain.conversations.past import PastConversation, PastTurn
    from domain.conversations.values import Customer, Particulars

    authors = {"agent": Author.STAFF, "system": Author.STAFF, **{author.value: author for author in Author}}
    unknown = {turn.speaker for turn in line.turns} - authors.keys()
    if unknown:
        raise click.ClickException(f"conversation {line.id}: nobody is called {', '.join(sorted(unknown))}")
    # Where the file tells no time, the last turn was just now, and each took a second.
    began_at = datetime.now(UTC) - timedelta(seconds=len(line.turns))
    turns = [
        PastTurn(author=authors[turn.speaker], text=turn.text, at=turn.at or began_at + timedelta(seconds=second))
        for second, turn in enumerate(line.turns)
    ]
    customer = Customer(name=line.customer_name, email=line.customer_email)
    return PastConversation(
        external_id=line.id,
        particulars=Particulars(customer=customer, channel=line.channel, subject=line.subject),
        began_at=turns[0].at if turns else began_at,
        turns=turns,
        is_closed=line.is_closed,
    )


def _importer(workspace_id: "WorkspaceId") -> "Actor":
    """Who imports: the operator, with just this right."""
    from application.conversations.permissions import WRITE
    from domain.shared.access import Actor
    from domain.shared.ids import UserId

    return Actor(
        workspace_id=workspace_id,
        permissions=frozenset({WRITE, "workspace:read"}),
        role="operator",
        user_id=UserId(UUID(int=0)),
    )


async def _workspace(services: "punq.Container", named: str | None) -> "WorkspaceId":
    from application.identity.queries import ShowWorkspace
    from domain.shared.ids import WorkspaceId, private_id
    from entrypoints.demo.seeding import SeedDemo

    if named is None:
        return (await services.resolve(SeedDemo)()).workspace_id
    workspace_id = WorkspaceId(private_id("wsp", named))
    await services.resolve(ShowWorkspace)(actor=_importer(workspace_id), workspace_id=workspace_id)
    return workspace_id
