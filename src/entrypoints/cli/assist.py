"""`usher assist`: what the assistant is worth."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
import uvloop
from rich_click import RichGroup

from entrypoints.cli.here import values_here
from entrypoints.cli.output import FAILED, OK, json_option, note
from entrypoints.settings import load_settings

if TYPE_CHECKING:
    from application.assistance.evaluation.corpus import CorpusConversation
    from application.assistance.evaluation.scoring import PartScore

_TITLE = "What the assistant is worth"
_MARK = "<!-- Figures: written by `usher assist replay --report`. -->"
_SEED, _FALSE_REPLIES = 7, 1_500
"""Of the false replies that the verifier is tried on, of each source."""


@click.group(cls=RichGroup)
def assist() -> None:
    """Look at the assistant's work."""


@assist.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(1), help="Only so many conversations, spread over the file.")
@click.option("--at-once", type=click.IntRange(1, 200), default=8, show_default=True, help="Conversations at a time.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Also write the report (Markdown) here."
)
@json_option
def replay(file: Path, limit: int | None, at_once: int, report: Path | None, as_json: bool) -> int:
    """Play conversations of FILE, ask for a suggestion before every agent turn, and score.

    Each suggestion takes the real path: job, relay, worker, drafter, verifier. FILE holds one conversation a line,
    as described in docs/assist-quality.md.
    """
    from application.assistance.evaluation.corpus import read_corpus
    from application.assistance.evaluation.report import render_json, render_markdown, render_verifier
    from application.assistance.evaluation.verifying import measure, replies
    from entrypoints.replay.running import BEGAN_AT

    try:
        conversations = list(read_corpus(file))
    except msgspec.DecodeError as error:
        raise click.ClickException(f"{file}: {error}") from error
    if limit is not None and limit < len(conversations):
        conversations = [conversations[number * len(conversations) // limit] for number in range(limit)]
    parts = _play(conversations, at_once, quiet=as_json or not sys.stderr.isatty())
    judged = (reply for conversation in conversations for reply in replies(conversation) if reply.scored)
    verifier = measure(judged, now=BEGAN_AT, seed=_SEED, wanted=_FALSE_REPLIES)
    text = f"{render_markdown(parts, title=_TITLE)}\n{render_verifier(verifier)}"
    if report is not None:
        _write(report, text)
    click.echo(render_json(parts, verifier) if as_json else text)
    wrong = parts[0].unsupported_facts
    if wrong:
        note(f"{wrong} unsupported facts were shown")
    return FAILED if wrong else OK


def _write(file: Path, text: str) -> None:
    """Write the figures; what a person wrote above the mark stays."""
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    head, mark, _ = said.partition(_MARK)
    file.write_text(f"{head if mark else ''}{_MARK}\n\n{text}\n", encoding="utf-8")


def _play(conversations: "list[CorpusConversation]", at_once: int, *, quiet: bool) -> "list[PartScore]":
    from rich.console import Console
    from rich.progress import Progress

    from entrypoints.composition.services import open_services
    from entrypoints.replay.running import ReplayClock, Run, processes_beside, run_replay

    with values_here() as values, Progress(console=Console(stderr=True), disable=quiet) as progress:
        settings = load_settings(values)
        task = progress.add_task("playing", total=len(conversations))

        async def play() -> "list[PartScore]":
            run = Run(at_once, lambda: progress.advance(task))
            async with (
                processes_beside(dict(values), "worker", "relay"),
                open_services(settings, clock=ReplayClock()) as services,
            ):
                return await run_replay(services, conversations, run)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(play())
