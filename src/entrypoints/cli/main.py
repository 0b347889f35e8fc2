"""The `usher` command: its groups, and what its exit codes mean.

0 done, 1 failed or refused, 2 called wrongly, 78 settings need attention.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from entrypoints.cli.lazy import LazyGroup
from entrypoints.cli.lifeline import follow_supervisor
from entrypoints.cli.output import FAILED, MISCONFIGURED, MISUSED, OK, complain

_HERE = "entrypoints.cli"
COMMANDS = {
    "dev": (f"{_HERE}.dev:dev", "Start everything here: servers, API, workers, relay."),
    "serve": (f"{_HERE}.processes:serve", "Serve the HTTP API."),
    "worker": (f"{_HERE}.processes:worker", "Run jobs."),
    "relay": (f"{_HERE}.processes:relay", "Ring for due jobs, return lost ones and run schedules."),
    "seed": (f"{_HERE}.seed:seed", "Fill the demo workspace, or what is missing of it."),
    "import": (f"{_HERE}.importing:import_group", "Load what happened elsewhere."),
    "assist": (f"{_HERE}.assist:assist", "Look at the assistant's work."),
    "create-admin": (f"{_HERE}.create_admin:create_admin", "Create an account that administers this installation."),
    "jobs": (f"{_HERE}.jobs:jobs", "Look at jobs of all workspaces; retry or discard parked ones."),
    "routes": (f"{_HERE}.contract:routes", "List the API's routes, and who may call each."),
    "openapi": (f"{_HERE}.contract:openapi", "The API's contract, OpenAPI 3.1."),
    "migrate": (f"{_HERE}.migrate:migrate", "Change the database's schema."),
    "config": (f"{_HERE}.config:config", "Check settings, or show an example."),
    "doctor": (f"{_HERE}.doctor:doctor", "Look for what would keep Usher from working here."),
}
"""Name -> where the command is, and its line of help."""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="usher")
def usher() -> None:
    """Customer conversations with AI drafts that state only facts from given sources."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    from domain.shared.errors import Invalid, ProviderUnavailable, Refusal
    from entrypoints.settings.loading import BadSettings

    try:
        code: object = usher.main(args=list(arguments), prog_name="usher", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return MISUSED
    except BadSettings as error:
        complain("bad_settings", str(error))
        return MISCONFIGURED
    except click.Abort:
        return FAILED
    except Invalid as error:
        complain(error.code, "; ".join(f"{each.pointer or each.parameter} {each.message}" for each in error.problems))
        return FAILED
    except (click.ClickException, Refusal, ProviderUnavailable) as error:
        complain(getattr(error, "code", "failed"), str(error))
        return FAILED
    return code if isinstance(code, int) else OK


def main() -> NoReturn:
    """The console script."""
    follow_supervisor()
    sys.exit(run(sys.argv[1:]))


usher.fill(COMMANDS)
