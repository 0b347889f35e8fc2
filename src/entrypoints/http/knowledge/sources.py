"""Sources of facts."""

from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import JSONBody, QueryParameter

from application.knowledge import add_sources
from application.knowledge.archive_source import ArchiveSource
from application.knowledge.change_source import ChangeSource
from application.knowledge.queries import SourceFilter, SourceView
from application.knowledge.read_sources import GetSource, ListSources, ListSourceVersions
from domain.knowledge.source import LONGEST_SERVICE, Source, SourceKind
from domain.shared.access import Actor
from domain.shared.errors import FieldProblem, Invalid, NotFound
from domain.shared.ids import ConversationId, SourceId, private_id
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import CursorText, IfMatch, Limit, example_id, id_in_path
from entrypoints.http.knowledge.bodies import (
    NewSource,
    SourceBody,
    SourceChanges,
    SourceEnvelope,
    SourceList,
    SourceSummary,
    SourceVersionBody,
    SourceVersionList,
)
from entrypoints.http.once import OnlyOnce

SourceIdInPath = Annotated[str, id_in_path("src", "The source.")]
KindFilter = Annotated[
    list[SourceKind] | None,
    QueryParameter(description="Of any of these.", max_items=6, examples=[Example(value=["inventory"])]),
]
ServiceFilter = Annotated[
    str | None,
    QueryParameter(
        max_length=LONGEST_SERVICE, description="Rows of this catalogue.", examples=[Example(value="stock")]
    ),
]
ConversationFilter = Annotated[
    str | None,
    QueryParameter(
        max_length=64, description="Attached to this conversation.", examples=[Example(value=example_id("conv"))]
    ),
]
IsArchivedFilter = Annotated[
    bool | None,
    QueryParameter(description="Archived ones only, or live ones only.", examples=[Example(value=False)]),
]
Query = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=200,
        description=(
            "Words in titles, fields and texts. Each also finds longer words that begin so; quotes, `or` and `-` work "
            "as in a web search. Where no source has the words, similar titles are found."
        ),
        examples=[Example(value="golf")],
    ),
]


class SourceController(Controller):
    path = "/sources"
    tags = ("Sources",)

    @get(operation_id="sources_list")
    async def page(  # noqa: PLR0913, PLR0917 -- one name for each filter
        self,
        actor: NamedDependency[Actor],
        list_sources: NamedDependency[ListSources],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
        kind: KindFilter = None,
        service: ServiceFilter = None,
        conversation_id: ConversationFilter = None,
        is_archived: IsArchivedFilter = None,
        q: Query = None,
    ) -> SourceList:
        """List and search sources, newest first.

        No filter is applied unless asked for: archived ones are among them.
        """
        wanted = SourceFilter(
            kinds=tuple(dict.fromkeys(each.value for each in kind or ())),
            service=service,
            conversation_id=_conversation(conversation_id),
            is_archived=is_archived,
            q=q,
        )
        page = await list_sources(actor=actor, wanted=wanted, after=paging.after(cursor), limit=limit)
        return SourceList(data=[SourceSummary.of(line) for line in page.items], page=paging.info(page, limit))

    @post(operation_id="sources_create", opt={"problems": ("already_exists",)})
    async def create(
        self,
        actor: NamedDependency[Actor],
        add_source: NamedDependency[add_sources.AddSource],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[NewSource],
    ) -> Response[SourceEnvelope]:
        """Add a fact that replies may use."""
        new = add_sources.NewSource(
            kind=data.kind, content=data.content(), scope=data.scope(), external_id=data.external_id
        )

        async def act(add_source: add_sources.AddSource) -> Response[SourceEnvelope]:
            made = await add_source(actor=actor, new=new)
            body = SourceBody.of(SourceView.of(made))
            return created(SourceEnvelope(body), f"/api/v1/sources/{body.id}", version=made.version)

        return await once(add_source, act)

    @get("/{source_id:str}", operation_id="sources_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        get_source: NamedDependency[GetSource],
        source_id: SourceIdInPath,
    ) -> Response[SourceEnvelope]:
        """Show a source."""
        view = await get_source(actor=actor, source_id=SourceId(private_id("src", source_id)))
        return tagged(SourceEnvelope(SourceBody.of(view)), view.version)

    @get("/{source_id:str}/versions", operation_id="source_versions_list")
    async def versions(
        self,
        actor: NamedDependency[Actor],
        list_source_versions: NamedDependency[ListSourceVersions],
        paging: NamedDependency[Paging],
        source_id: SourceIdInPath,
        limit: Limit = 20,
        cursor: CursorText = None,
    ) -> SourceVersionList:
        """List all that a source ever said, newest first."""
        wanted = SourceId(private_id("src", source_id))
        page = await list_source_versions(actor=actor, source_id=wanted, after=paging.after(cursor), limit=limit)
        views = [SourceVersionBody.of(view) for view in page.items]
        return SourceVersionList(data=views, page=paging.info(page, limit))

    @patch(
        "/{source_id:str}",
        operation_id="sources_update",
        opt={"problems": ("invalid_state", "precondition_failed")},
    )
    async def update(
        self,
        actor: NamedDependency[Actor],
        change_source: NamedDependency[ChangeSource],
        once: NamedDependency[OnlyOnce],
        source_id: SourceIdInPath,
        data: JSONBody[SourceChanges],
        if_match: IfMatch = None,
    ) -> Response[SourceEnvelope]:
        """Have a source say something else from now on.

        What it said before stays in its versions.
        """
        wanted = SourceId(private_id("src", source_id))
        patch, seen = data.patch(), seen_version(if_match)

        async def act(change_source: ChangeSource) -> Response[SourceEnvelope]:
            return _answer(await change_source(actor=actor, source_id=wanted, patch=patch, seen_version=seen))

        return await once(change_source, act)

    @delete(
        "/{source_id:str}",
        operation_id="sources_archive",
        status_code=200,
        opt={"problems": ("precondition_failed",)},
    )
    async def archive(
        self,
        actor: NamedDependency[Actor],
        archive_source: NamedDependency[ArchiveSource],
        source_id: SourceIdInPath,
        if_match: IfMatch = None,
    ) -> Response[SourceEnvelope]:
        """Archive a source.

        It is offered to no reply any more, and stays readable: suggestions rest on it. Twice is the same as once.
        """
        wanted = SourceId(private_id("src", source_id))
        archived = await archive_source(actor=actor, source_id=wanted, seen_version=seen_version(if_match))
        return _answer(archived)


def _conversation(text: str | None) -> ConversationId | None:
    try:
        return None if text is None else ConversationId(private_id("conv", text))
    except NotFound as error:
        problem = FieldProblem(
            parameter="conversation_id", code="invalid_format", message="must be a conversation's id"
        )
        raise Invalid([problem]) from error


def _answer(source: Source) -> Response[SourceEnvelope]:
    return tagged(SourceEnvelope(SourceBody.of(SourceView.of(source))), source.version)
