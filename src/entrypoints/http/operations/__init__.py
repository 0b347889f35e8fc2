"""The operations context over HTTP: jobs and the change feed."""

from entrypoints.http.operations.events import EventController
from entrypoints.http.operations.jobs import JobController

__all__ = ["EventController", "JobController"]
