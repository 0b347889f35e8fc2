"""The rules of sources."""

from datetime import timedelta

import pytest

from application.knowledge.change_source import ContentPatch
from domain.knowledge.events import SourceAdded
from domain.knowledge.source import Content, Scope, Source, SourceIsArchived, SourceKind
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, SourceId, WorkspaceId
from tests.support.talking import NOON, TimeOrderedIds

IDS = TimeOrderedIds()
LATER = NOON + timedelta(minutes=5)


def a_source(**known) -> Source:
    return Source.add(
        id=SourceId(IDS.new()),
        workspace_id=WorkspaceId(IDS.new()),
        kind=known.pop("kind", SourceKind.INVENTORY),
        content=known.pop("content", Content(title="Golf", fields={"price": "1 EUR"})),
        now=NOON,
        recorded_by="user:1",
        **known,
    )


class TestContent:
    @pytest.mark.parametrize(
        ("content", "pointers"),
        [
            ({"title": " ", "text": "x"}, ["/title"]),
            ({"title": "Golf"}, ["/fields"]),
            ({"title": "x" * 2001, "entity": "x" * 2001, "text": "x"}, ["/title", "/entity"]),
            ({"title": "Golf", "text": "x" * 100_001}, ["/text"]),
            ({"title": "Golf", "text": "x", "service": "x" * 201}, ["/service"]),
            ({"title": "Golf", "text": "x" * 100_000, "fields": {str(n): "x" * 2000 for n in range(60)}}, [""]),
            ({"title": "Golf", "fields": {str(n): "" for n in range(101)}}, ["/fields"]),
            ({"title": "Golf", "fields": {"a/~b": "x" * 2001}}, ["/fields/a~1~0b"]),
            ({"title": "Golf", "fields": {"x" * 101: ""}}, ["/fields/" + "x" * 100]),
        ],
    )
    def test_names_all_that_will_not_do(self, content, pointers):
        with pytest.raises(Invalid) as refused:
            Content(**content)

        assert [problem.pointer for problem in refused.value.problems] == pointers

    def test_may_be_fields_or_prose(self):
        assert Content(title="Golf", fields={"price": "1"}).text == ""
        assert Content(title="Returns", text="14 days").fields == {}


class TestSources:
    def test_are_added_with_an_event(self):
        conversation_id = ConversationId(IDS.new())

        source = a_source(scope=Scope(conversation_id=conversation_id, known_since=2, batch=1))

        (added,) = source.events
        assert isinstance(added, SourceAdded)
        assert (added.name, added.subject, added.kind) == ("source.added", ("src", source.id), "inventory")
        assert added.conversation_id == conversation_id
        assert (source.created_at, source.updated_at, source.version) == (NOON, NOON, 0)

    def test_belong_to_the_whole_workspace_unless_attached(self):
        assert a_source().scope == Scope(conversation_id=None, known_since=0, batch=0)

    def test_change_only_what_differs(self):
        source = a_source()
        source.events.clear()

        source.change(source.content, LATER, recorded_by="user:2")
        assert (source.events, source.updated_at) == ([], NOON)
        source.change(Content(title="Polo", text="x"), LATER, recorded_by="user:2")

        assert (source.content.title, source.updated_at, source.recorded_by) == ("Polo", LATER, "user:2")
        assert [event.name for event in source.events] == ["source.changed"]

    def test_are_archived_for_good(self):
        source = a_source()
        source.events.clear()

        source.archive(LATER, recorded_by="user:2")
        source.archive(LATER, recorded_by="user:3")

        assert (source.is_archived, source.recorded_by) == (True, "user:2")
        assert [event.name for event in source.events] == ["source.archived"]
        with pytest.raises(SourceIsArchived):
            source.change(Content(title="Polo", text="x"), LATER, recorded_by="user:2")


class TestPatches:
    def test_keep_what_is_none_and_merge_fields(self):
        content = Content(title="Golf", entity="VW", fields={"price": "1", "colour": "red"}, text="Fine")

        patched = ContentPatch(title="Polo", text="", fields={"price": "2", "colour": None, "doors": "5"}).on(content)

        assert patched == Content(title="Polo", entity="VW", fields={"price": "2", "doors": "5"}, text="")

    def test_refuse_to_leave_nothing(self):
        with pytest.raises(Invalid):
            ContentPatch(fields={"price": None}).on(Content(title="Golf", fields={"price": "1"}))
