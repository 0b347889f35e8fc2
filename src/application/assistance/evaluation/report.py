"""Renders scores: as Markdown for people, as JSON for machines."""

from collections.abc import Iterable, Sequence

import msgspec

from application.assistance.evaluation.scoring import PartScore, Rates, Share
from application.assistance.evaluation.verifying import VerifierReport

_READINGS = (
    "The first reading carries the customer's last stated intent over turns that state none; the second counts "
    "only turns whose customer message states it."
)


_CASES = (
    "Replies that passed, with one value made false, seeded: half of them take the value of a sibling row, half an "
    "invented one. What counts as a case, and what each class of refusal is, stands in [verifier.md](verifier.md)."
)


def render_json(parts: Sequence[PartScore], verifier: VerifierReport | None = None) -> bytes:
    """The figures as one JSON object by part name, indented; the verifier's own under `verifier`."""
    figures: dict[str, object] = {part.name: part for part in parts}
    if verifier is not None:
        figures["verifier"] = verifier
    return msgspec.json.format(msgspec.json.encode(figures), indent=2)


def render_markdown(parts: Sequence[PartScore], *, title: str) -> str:
    """A report of a few tables: one column for each part."""
    names = [part.name.replace("_", "-") for part in parts]
    blocks = [
        f"# {title}",
        _table(["", *names], _overview(parts)),
        "## Decisions",
        _READINGS,
        _table(["", *names], _decisions(parts)),
        *(_confusion(part) for part in parts),
        "## Questions",
        _table(["slot", "asked", "person asked too", "asked by people"], _slots(parts[0])) if parts else "",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_verifier(report: VerifierReport) -> str:
    """How well the verifier tells true replies of people from false ones."""
    own = [
        ["refused", f"{report.refused_share:.2%}", f"{report.refused:,} of {report.replies:,}"],
        *([f"- {each.name}", f"{each.count / report.replies:.2%}", f"{each.count:,}"] for each in report.classes),
    ]
    false = [[each.source, each.kind, f"{each.cases:,}", f"{each.caught:,}"] for each in report.caught]
    sources = list(dict.fromkeys(each.source for each in report.caught))
    total = [[f"**{name or 'all'}**", "", "", f"**{report.caught_share(name):.2%}**"] for name in (*sources, None)]
    return "\n\n".join(
        (
            "## The verifier on people's own replies",
            _table(["people's own scored replies", "share", "count"], own),
            _CASES,
            _table(["value from", "kind", "false replies", "caught"], [*false, *total]),
        )
    )


def _overview(parts: Sequence[PartScore]) -> list[list[str]]:
    return [
        ["conversations", *(f"{part.conversations:,}" for part in parts)],
        ["agent turns", *(f"{part.turns:,}" for part in parts)],
        ["turns that get a draft", *(_share(part.coverage) for part in parts)],
        ["**unsupported facts in drafts shown**", *(f"**{part.unsupported_facts}**" for part in parts)],
        ["drafts refused by the verifier", *(_counts(part.refused) for part in parts)],
        ["questions: the person asked for it too", *(_share(part.slot_right) for part in parts)],
        ["... where the person asked at all", *(_share(part.slot_right_where_both_ask) for part in parts)],
        ["answers that state a fact of the person's own", *(_share(part.own_fact_mentioned) for part in parts)],
        ["latency p50 / p95 / highest, ms", *(_speed(part) for part in parts)],
        ["cost", *(_cost(part) for part in parts)],
        ["decisions on turns that are not scored", *(_counts(part.decisions_elsewhere) for part in parts)],
    ]


def _decisions(parts: Sequence[PartScore]) -> list[list[str]]:
    rows: list[list[str]] = []
    for label, rates in (
        ("carried intent", [part.decisions for part in parts]),
        ("own intent", [part.decisions_in_service for part in parts]),
    ):
        rows += [
            [f"{label}: scored turns", *(f"{one.turns:,}" for one in rates)],
            [f"{label}: **balanced accuracy**", *(f"**{one.balanced_accuracy:.4f}**" for one in rates)],
            [f"{label}: rule, always answer", *(f"{one.always_answer:.4f}" for one in rates)],
            [
                f"{label}: rule, answer once facts were seen",
                *(f"{one.answer_once_facts_were_seen:.4f}" for one in rates),
            ],
            [f"{label}: person answered, so did we", *(_share(one.answers) for one in rates)],
            [f"{label}: person asked, so did we", *(_share(one.clarifications) for one in rates)],
        ]
    return rows


def _confusion(part: PartScore) -> str:
    rates: Rates = part.decisions
    return f"{part.name.replace('_', '-')}, person>assistant: " + _counts(rates.confusion)


def _slots(part: PartScore) -> list[list[str]]:
    return [
        [f"`{line.slot}`", f"{line.asked:,}", f"{line.right:,}", f"{line.asked_by_person:,}"] for line in part.slots
    ]


def _share(share: Share) -> str:
    return f"{share.share:.1%} ({share.hits:,} of {share.total:,})"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


def _speed(part: PartScore) -> str:
    speed = part.latency_ms
    return f"{speed.p50:.1f} / {speed.p95:.1f} / {speed.highest:.1f}"


def _cost(part: PartScore) -> str:
    return ", ".join(f"{micros / 1_000_000:.4f} {currency}" for currency, micros in part.cost_micros.items()) or "none"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
