"""Promises of the ports and lists of sources, kept by memory and by PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from application.knowledge.change_source import ContentPatch
from application.knowledge.queries import SourceFilter
from domain.knowledge.source import Scope, Source, SourceNotFound
from domain.shared.errors import AlreadyExists, Invalid, PreconditionFailed
from domain.shared.ids import ConversationId
from tests.support.talking import Talk, a_source, in_memory, on_postgres


@pytest.fixture(params=["memory", "postgres"])
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    if request.param == "memory":
        yield in_memory()
        return
    async with on_postgres(request.getfixturevalue("database_url")) as talk:
        yield talk


MANY_WORDS = " ".join(str(number) for number in range(30_000))


async def titles(talk: Talk, limit: int = 2, **wanted: Any) -> list[str]:
    """The titles on all pages."""
    found: list[str] = []
    after = None
    while True:
        page = await talk.sources.page(talk.actor.tenant, SourceFilter(**wanted), after=after, limit=limit)
        found += [line.title for line in page.items]
        if (after := page.after) is None:
            return found


async def facts(talk: Talk, conversation_id: ConversationId, text: str, limit: int = 20) -> list[str]:
    """The titles of what a reply may use."""
    async with talk.transactions.begin(talk.actor.tenant) as tx:
        return [each.content.title for each in await tx.sources.facts_for(conversation_id, text, limit)]


class TestSources:
    async def test_give_back_what_was_saved(self, talk: Talk):
        conversation = await talk.begin()
        scope = Scope(conversation_id=conversation.id, known_since=3, batch=2)
        source = await talk.know(
            "Golf",
            entity="VW Golf",
            service="stock",
            fields={"price": "18950 EUR", "vin": "WVW"},
            text="Fine",
            scope=scope,
            external_id="s/1",
        )

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            found = await tx.sources.get(source.id)

        names = [name for name in Source.__slots__ if name != "events"]
        assert [getattr(found, name) for name in names] == [getattr(source, name) for name in names]
        view = await talk.sources.one(talk.actor.tenant, source.id)
        assert (view.title, view.fields, view.known_since, view.batch) == (
            "Golf",
            {"price": "18950 EUR", "vin": "WVW"},
            3,
            2,
        )

    async def test_lose_a_change_without_save(self, talk: Talk):
        source = await talk.know("Golf")

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            found = await tx.sources.get(source.id)
            found.archive(talk.clock.now(), recorded_by="somebody")

        assert not (await talk.sources.one(talk.actor.tenant, source.id)).is_archived

    async def test_hide_other_tenants(self, talk: Talk):
        source = await talk.know("Golf", actor=talk.somebody(), kind="policy")
        conversation = await talk.begin()

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            with pytest.raises(SourceNotFound):
                await tx.sources.get(source.id)
        with pytest.raises(SourceNotFound):
            await talk.sources.one(talk.actor.tenant, source.id)
        with pytest.raises(SourceNotFound):
            await talk.sources.versions(talk.actor.tenant, source.id)
        assert await titles(talk) == []
        assert await titles(talk, q="golf") == []
        assert await titles(talk, q="gollf") == []
        assert await facts(talk, conversation.id, "golf") == []

    async def test_refuse_a_foreign_conversation(self, talk: Talk):
        foreign = await talk.begin(actor=talk.somebody())

        with pytest.raises(Invalid):
            await talk.know("Golf", scope=Scope(conversation_id=foreign.id))

    async def test_refuse_a_taken_external_id(self, talk: Talk):
        await talk.know("Golf", external_id="s/1")

        with pytest.raises(AlreadyExists):
            await talk.know("Polo", external_id="s/1")

    async def test_keep_all_they_ever_said(self, talk: Talk):
        source = await talk.know("Golf", fields={"price": "1 EUR"})
        for price in ("2 EUR", "3 EUR"):
            await talk.change_source(actor=talk.actor, source_id=source.id, patch=ContentPatch(fields={"price": price}))
        await talk.archive_source(actor=talk.actor, source_id=source.id)

        first = await talk.sources.versions(talk.actor.tenant, source.id, limit=3)
        rest = await talk.sources.versions(talk.actor.tenant, source.id, after=first.after, limit=3)

        kept = [*first.items, *rest.items]
        assert [(v.version, v.fields["price"], v.is_archived) for v in kept] == [
            (4, "3 EUR", True),
            (3, "3 EUR", False),
            (2, "2 EUR", False),
            (1, "1 EUR", False),
        ]
        assert {v.recorded_by for v in kept} == {talk.actor.caller}

    async def test_cannot_both_be_changed_from_one_version(self, talk: Talk):
        source = await talk.know("Golf")

        outcomes = await asyncio.gather(
            *(
                talk.change_source(
                    actor=talk.actor, source_id=source.id, patch=ContentPatch(title=title), seen_version=1
                )
                for title in ("Polo", "Passat")
            ),
            return_exceptions=True,
        )

        refused = [each for each in outcomes if isinstance(each, PreconditionFailed)]
        assert [each.facts for each in refused] == [{"current_version": 2}]


class TestLimits:
    async def test_are_what_the_index_takes(self, talk: Talk):
        fields = {f"{number} " + "\U00010400 " * 40: "\U00010400 \U00010401" * 400 for number in range(75)}
        await talk.know("x" * 2_000, entity="\U00010400" * 2_000, service="\U00010400" * 200, fields=fields)
        await talk.know("Prose", text=" ".join(f"{number:x}" for number in range(20_000))[:99_000], fields={})

        assert len(await titles(talk, q="prose")) == 1


class TestMany:
    async def test_come_in_one_go_and_a_second_time_change_nothing(self, talk: Talk):
        batch = [a_source(f"No. {n}", external_id=f"s/{n}") for n in range(3)]
        first = await talk.add_sources(actor=talk.actor, batch=batch[:2])

        second = await talk.add_sources(actor=talk.actor, batch=batch)

        assert second[:2] == first
        assert await titles(talk) == ["No. 2", "No. 1", "No. 0"]
        versions = await talk.sources.versions(talk.actor.tenant, second[2])
        assert [version.version for version in versions.items] == [1]

    async def test_count_a_repeated_id_once(self, talk: Talk):
        batch = [a_source("Golf", external_id="s/1"), a_source("Golf", external_id="s/1"), a_source("Polo")]

        ids = await talk.add_sources(actor=talk.actor, batch=batch)

        assert ids[0] == ids[1] != ids[2]
        assert await titles(talk) == ["Polo", "Golf"]

    async def test_do_not_double_when_two_add_the_same(self, talk: Talk):
        batch = [a_source(f"No. {n}", external_id=f"s/{n}") for n in range(5)]

        done = await asyncio.gather(*(talk.add_sources(actor=talk.actor, batch=batch) for _ in range(3)))

        assert done[0] == done[1] == done[2]
        assert len(await titles(talk)) == 5


class TestList:
    async def test_keeps_to_its_filters(self, talk: Talk):
        conversation = await talk.begin()
        golf = await talk.know("Golf", service="stock")
        await talk.know("Returns", kind="policy", text="Within 14 days")
        await talk.know("Polo", service="stock", scope=Scope(conversation_id=conversation.id))
        await talk.archive_source(actor=talk.actor, source_id=golf.id)

        assert await titles(talk) == ["Polo", "Returns", "Golf"]
        assert await titles(talk, kinds=("policy",)) == ["Returns"]
        assert await titles(talk, 1, kinds=("policy", "inventory")) == ["Polo", "Returns", "Golf"]
        assert await titles(talk, service="stock") == ["Polo", "Golf"]
        assert await titles(talk, conversation_id=conversation.id) == ["Polo"]
        assert await titles(talk, is_archived=True) == ["Golf"]
        assert await titles(talk, is_archived=False) == ["Polo", "Returns"]

    async def test_finds_titles_fields_and_texts(self, talk: Talk):
        await talk.know("Golf", entity="Volkswagen Golf")
        await talk.know("Passat", fields={"make": "Volkswagen"})
        await talk.know("About us", kind="article", text="We sell every Volkswagen there is")
        await talk.know("Corolla")

        assert await titles(talk, q="volkswagen") == ["About us", "Passat", "Golf"]
        assert await titles(talk, 1, q="volks", kinds=("article", "inventory")) == ["About us", "Passat", "Golf"]

    async def test_shows_where(self, talk: Talk):
        await talk.know("About us", kind="article", fields={}, text="We sell every Volkswagen there is")

        page = await talk.sources.page(talk.actor.tenant, SourceFilter(q="volks"))

        match = page.items[0].match
        assert match is not None
        assert [match.text[span.start : span.end] for span in match.spans] == ["Volkswagen"]
        assert not match.is_similar

    async def test_forgives_a_typing_mistake_where_nothing_has_the_word(self, talk: Talk):
        for n in range(3):
            await talk.know(f"Volkswagen {n}")
        await talk.know("Corolla")

        assert await titles(talk, q="volkswagne") == ["Volkswagen 2", "Volkswagen 1", "Volkswagen 0"]
        assert await titles(talk, q="corolla", kinds=("policy",)) == []

    @pytest.mark.parametrize("q", ["!!!", "'", "a & | ! :*", "\\", "or", "-golf", "''''"])
    async def test_takes_any_text(self, talk: Talk, q: str):
        await talk.know("Golf")

        await titles(talk, q=q)


class TestFacts:
    async def test_begin_with_the_conversations_own_newest_first(self, talk: Talk):
        one, other = await talk.begin(), await talk.begin()
        for batch, title in ((1, "Old"), (2, "New"), (2, "New too")):
            await talk.know(title, scope=Scope(conversation_id=one.id, batch=batch))
        await talk.know("Foreign", scope=Scope(conversation_id=other.id, batch=9))

        assert await facts(talk, one.id, "") == ["New", "New too", "Old"]
        assert await facts(talk, one.id, "", limit=1) == ["New"]

    async def test_always_hold_policies_and_checklists(self, talk: Talk):
        conversation = await talk.begin()
        await talk.know("Ask for the date", kind="checklist")
        await talk.know("Returns", kind="policy")
        await talk.know("Golf")

        found = await facts(talk, conversation.id, "The golf of the returns", limit=1)

        assert found == ["Ask for the date", "Returns", "Golf"]

    async def test_add_the_best_matches_of_the_workspace(self, talk: Talk):
        conversation = await talk.begin()
        await talk.know("Corolla", fields={"make": "Toyota"})
        await talk.know("Volkswagen Golf", fields={"colour": "Black"})
        await talk.know("Volkswagen Passat", fields={"colour": "White"})
        await talk.know("Opening hours", kind="article", text="We open at nine")

        found = await facts(talk, conversation.id, "Is the black Volkswagen Golf still there?")

        assert found[0] == "Volkswagen Golf"
        assert set(found[:2]) == {"Volkswagen Golf", "Volkswagen Passat"}
        assert await facts(talk, conversation.id, "the black golf", limit=1) == ["Volkswagen Golf"]

    async def test_are_made_up_in_number_by_what_nobody_named(self, talk: Talk):
        conversation, other = await talk.begin(), await talk.begin()
        await talk.know("Corolla")
        await talk.know("Opening hours", kind="article", text="We open at nine")
        await talk.know("Golf")
        await talk.know("Sold golfs", kind="count")
        await talk.know("Polo")
        await talk.know("Foreign", scope=Scope(conversation_id=other.id))
        await talk.archive_source(actor=talk.actor, source_id=(await talk.know("Gone")).id)

        assert await facts(talk, conversation.id, "Your cheapest car?") == [
            "Polo",
            "Golf",
            "Corolla",
            "Sold golfs",
            "Opening hours",
        ]
        assert await facts(talk, conversation.id, "When do you open?", limit=3) == ["Opening hours", "Polo", "Golf"]
        assert await facts(talk, conversation.id, "", limit=1) == ["Polo"]

    async def test_keep_the_order_of_a_look_up(self, talk: Talk):
        conversation = await talk.begin()
        for batch in (1, 2):
            scope = Scope(conversation_id=conversation.id, batch=batch)
            rows = [a_source(f"{batch}.{n}", scope=scope) for n in range(9)]
            await talk.add_sources(actor=talk.actor, batch=rows)

        assert await facts(talk, conversation.id, "") == [f"{batch}.{n}" for batch in (2, 1) for n in range(9)]

    async def test_leave_archived_ones_out(self, talk: Talk):
        conversation = await talk.begin()
        sources = [
            await talk.know("Golf"),
            await talk.know("Golf rules", kind="policy"),
            await talk.know("Golf here", scope=Scope(conversation_id=conversation.id)),
        ]
        for source in sources:
            await talk.archive_source(actor=talk.actor, source_id=source.id)

        assert await facts(talk, conversation.id, "golf") == []

    @pytest.mark.parametrize("text", ["", "'", "the of and", "a' | b:* & \\ !", "x" * 20_000, "don't", MANY_WORDS])
    async def test_take_any_text(self, talk: Talk, text: str):
        conversation = await talk.begin()
        await talk.know("Golf")

        await facts(talk, conversation.id, text)
