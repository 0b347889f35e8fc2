"""Our server as `usher serve` starts it, and one route more: each sent message causes a job."""

import os
import signal

import uvloop

from domain.conversations.events import MessageSent
from entrypoints import logs
from entrypoints.composition.services import open_services
from entrypoints.http.app import create_app
from entrypoints.http.serving import Server, ServerSettings
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings
from entrypoints.worker.routes import ROUTES


async def main() -> None:
    """Serve until SIGTERM."""
    settings = load_settings(os.environ)
    logs.configure(settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    door = HttpSettings(
        public_url=settings.public_url, secret_key=settings.secret_key.reveal().encode(), version="bench"
    )
    async with open_services(settings, routes={**ROUTES, MessageSent: ("bench",)}) as services:
        await Server(create_app(services, door), ServerSettings(host=settings.host, port=settings.port)).serve()


if __name__ == "__main__":
    uvloop.run(main())
