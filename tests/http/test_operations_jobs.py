"""Jobs and the change feed over HTTP."""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

import domain
from adapters.memory.operations import MemoryWorker
from application.operations.change_jobs import CancelJob
from application.operations.kinds import JobKind, Kinds
from application.operations.look_at_jobs import GetJob, ListJobs, WaitForJob
from application.operations.read_feed import ReadFeed
from domain.shared.errors import Conflict
from domain.shared.events import Event
from domain.shared.ids import JobId, public_id
from domain.shared.jobs import JobRun, JobSpec
from entrypoints.http.operations import EventController, JobController
from entrypoints.http.operations.events import ID_FIELDS
from entrypoints.http.policies import POLICIES
from tests.http.support import OTHER_WORKSPACE, WORKSPACE, TokenTable, an_actor, build, client
from tests.support.ledgers import MemoryRig, memory_rig


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(Event):
    name: ClassVar[str] = "plan.made"
    conversation_id: UUID
    assignee_id: UUID | None
    starts_at: datetime
    steps: int

    @property
    def subject(self) -> tuple[str, UUID]:
        return "conv", self.conversation_id


class Office:
    """The door over a memory rig; jobs of kind `work` do nothing, of kind `refuse` refuse."""

    def __init__(self) -> None:
        self.rig: MemoryRig = memory_rig()
        queries = self.rig.queries
        callers = {
            "ada": an_actor(),
            "eve": an_actor(workspace=OTHER_WORKSPACE),
            "vic": an_actor(permissions=frozenset({"jobs:read"})),
        }
        self.app: Any = build(
            {
                GetJob: GetJob(queries),
                ListJobs: ListJobs(queries),
                WaitForJob: WaitForJob(queries),
                CancelJob: CancelJob(self.rig.transactions),
                ReadFeed: ReadFeed(self.rig.feed),
            },
            controllers=[JobController, EventController],
            policies={name: policy for name, policy in POLICIES.items() if name.startswith(("jobs_", "events_"))},
            clock=self.rig.clock,
            answers=self.rig.transactions,  # pyright: ignore[reportArgumentType] - the memory database has all slices
            authenticator=TokenTable(callers),
        )
        kinds = Kinds.of([JobKind(name="work", body=self.work), JobKind(name="refuse", body=self.refuse)])
        self.worker = MemoryWorker(self.rig.transactions, kinds)  # pyright: ignore[reportArgumentType] - as above

    async def work(self, run: JobRun) -> dict[str, object]:
        return {"attempt": run.attempt}

    async def refuse(self, run: JobRun) -> None:
        raise Conflict("somebody was first", holder="them")

    async def add(self, kind: str = "work", **more: Any) -> JobId:
        return await self.rig.add(JobSpec(kind=kind, **more), WORKSPACE)

    async def record(self, *events: Event) -> None:
        async with self.rig.transactions.begin(WORKSPACE) as tx:
            tx.record(events)


@pytest.fixture
def office() -> Office:
    return Office()


async def test_shows_a_job_from_queued_to_done(office: Office) -> None:
    job_id = await office.add(subject="msg_1")
    path = f"/api/v1/jobs/{public_id('job', job_id)}"

    async with client(office.app) as http:
        before = (await http.get(path)).json()["data"]
        await office.worker.drain()
        after = (await http.get(path)).json()["data"]

    assert before == {
        "id": public_id("job", job_id),
        "kind": "work",
        "status": "queued",
        "progress": None,
        "subject": "msg_1",
        "result": None,
        "error": None,
        "attempts": 0,
        "created_at": "2026-11-20T12:00:00.000Z",
        "started_at": None,
        "finished_at": None,
    }
    assert (after["status"], after["result"], after["attempts"]) == ("succeeded", {"attempt": 1}, 1)
    assert after["finished_at"] == "2026-11-20T12:00:00.000Z"


async def test_shows_why_a_job_failed(office: Office) -> None:
    job_id = await office.add("refuse")
    await office.worker.drain()

    async with client(office.app) as http:
        job = (await http.get(f"/api/v1/jobs/{public_id('job', job_id)}")).json()["data"]

    assert job["status"] == "failed"
    assert job["error"]["code"] == "conflict"
    assert job["error"]["detail"] == "somebody was first"
    assert job["error"]["facts"] == {"holder": "them"}


async def test_waits_for_the_end_when_asked(office: Office) -> None:
    job_id, other_id = await office.add(), await office.add()
    assert await office.rig.claim(other_id)
    path = f"/api/v1/jobs/{public_id('job', job_id)}"

    async def work_soon() -> None:
        await asyncio.sleep(0.05)
        await office.worker.drain()

    async with client(office.app) as http:
        working = asyncio.create_task(work_soon())
        done = await http.get(path, headers={"Prefer": "wait=5"})
        undone = await http.get(f"/api/v1/jobs/{public_id('job', other_id)}", headers={"Prefer": "wait=1"})
        await working

    assert (done.json()["data"]["status"], done.headers["Preference-Applied"]) == ("succeeded", "wait=5")
    assert undone.json()["data"]["status"] == "running"
    assert "Preference-Applied" not in undone.headers


async def test_lists_by_state_kind_and_subject(office: Office) -> None:
    done = await office.add()
    await office.worker.drain()
    first, second = await office.add(), await office.add("refuse", subject="msg_2")

    async def listed(query: str) -> list[str]:
        answer = await http.get(f"/api/v1/jobs?{query}")
        assert answer.status_code == 200, answer.text
        return [job["id"] for job in answer.json()["data"]]

    async with client(office.app) as http:
        assert await listed("") == [public_id("job", each) for each in (second, first, done)]
        assert await listed("status=succeeded&status=failed") == [public_id("job", done)]
        assert await listed("kind=refuse") == [public_id("job", second)]
        assert await listed("subject=msg_2") == [public_id("job", second)]
        page = (await http.get("/api/v1/jobs?limit=2")).json()["page"]
        assert await listed(f"limit=2&cursor={page['next_cursor']}") == [public_id("job", done)]


async def test_cancels_and_says_when_it_is_too_late(office: Office) -> None:
    job_id = await office.add()
    path = f"/api/v1/jobs/{public_id('job', job_id)}/cancel"
    late = await office.add()

    async with client(office.app) as http:
        answers = [await http.post(path), await http.post(path)]
        await office.worker.drain()
        too_late = await http.post(f"/api/v1/jobs/{public_id('job', late)}/cancel")

    assert [(answer.status_code, answer.json()["data"]["status"]) for answer in answers] == [(200, "cancelled")] * 2
    assert too_late.status_code == 409
    assert too_late.json()["code"] == "invalid_state"
    assert (too_late.json()["current"], too_late.json()["allowed"]) == ("succeeded", ["queued", "running"])


async def test_hides_other_workspaces_and_asks_for_permission(office: Office) -> None:
    path = f"/api/v1/jobs/{public_id('job', await office.add())}"

    async with client(office.app, "eve") as eve, client(office.app, "vic") as vic:
        hidden = [await eve.get(path), await eve.post(f"{path}/cancel")]
        refused = [await vic.post(f"{path}/cancel"), await vic.get("/api/v1/events")]
        absent = await vic.get(f"/api/v1/jobs/{public_id('msg', uuid4())}")

    assert [answer.json()["code"] for answer in hidden] == ["not_found"] * 2
    assert [answer.json()["code"] for answer in refused] == ["permission_denied"] * 2
    assert absent.status_code == 404


def a_plan(steps: int, assignee: UUID | None = None) -> PlanMade:
    starts_at = datetime.fromisoformat("2026-11-20T14:00:00.123456+02:00")
    return PlanMade(conversation_id=uuid4(), assignee_id=assignee, starts_at=starts_at, steps=steps)


async def test_reads_the_feed_in_public_form(office: Office) -> None:
    plan, assignee = a_plan(3), uuid4()
    await office.record(plan, a_plan(4, assignee))

    async with client(office.app) as http:
        events = (await http.get("/api/v1/events")).json()["data"]

    assert [event["position"] for event in events] == [1, 2]
    assert (events[0]["name"], events[0]["subject"]) == ("plan.made", public_id("conv", plan.conversation_id))
    assert events[0]["data"] == {
        "conversation_id": public_id("conv", plan.conversation_id),
        "assignee_id": None,
        "starts_at": "2026-11-20T12:00:00.123Z",
        "steps": 3,
    }
    assert events[1]["data"]["assignee_id"] == public_id("usr", assignee)


async def test_goes_on_behind_the_last_event_seen(office: Office) -> None:
    await office.record(*(a_plan(steps) for steps in range(5)))

    async with client(office.app) as http:
        first = (await http.get("/api/v1/events?limit=2")).json()
        last = first["data"][-1]["id"]
        behind = (await http.get(f"/api/v1/events?after={last}")).json()
        cursor = first["page"]["next_cursor"]
        by_cursor = (await http.get(f"/api/v1/events?limit=2&cursor={cursor}")).json()
        newest = behind["data"][-1]["id"]
        nothing = (await http.get(f"/api/v1/events?after={newest}&name=plan.made&name=other")).json()

    assert [event["data"]["steps"] for event in behind["data"]] == [2, 3, 4]
    assert [event["data"]["steps"] for event in by_cursor["data"]] == [2, 3]
    assert (nothing["data"], nothing["page"]["has_more"]) == ([], False)


async def test_says_gone_for_an_unknown_event(office: Office) -> None:
    async with client(office.app) as http:
        answer = await http.get(f"/api/v1/events?after={public_id('evt', uuid4())}")

    assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def _events(base: type[Event] = Event) -> Iterator[type[Event]]:
    for event in base.__subclasses__():
        yield event
        yield from _events(event)


def test_every_id_in_an_event_has_a_public_form() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)

    ours = [event for event in _events() if event.__module__.startswith("domain.")]
    unnamed = {
        f"{event.__qualname__}.{field.name}"
        for event in ours
        for field in fields(event)
        if field.name.endswith("_id") and field.name not in ID_FIELDS
    }

    assert ours
    assert unnamed == set()
