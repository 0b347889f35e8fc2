"""Litestar's own exceptions, as refusals of ours."""

from collections.abc import Callable

from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from domain.shared.errors import Invalid, NotFound
from entrypoints.http import faults
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.refusals import MalformedRequest, MethodNotAllowed, PayloadTooLarge


def translate(error: Exception, exchange: Exchange, allow: Callable[[str], str]) -> Exception:
    """The refusal that an exception of the framework means; every other exception as it is."""
    match error:
        case NotFoundException():
            return NotFound("nothing is here")
        case MethodNotAllowedException():
            allowed = allow(exchange.path)
            return MethodNotAllowed(f"this path answers to {allowed}", allow=allowed)
        case ValidationException() if exchange.operation is not None:
            found = faults.of_parameters(exchange, exchange.operation)
            return Invalid(found) if found else MalformedRequest("the parameters cannot be read")
        case HTTPException(status_code=413):
            return PayloadTooLarge("the body is larger than this route takes")
        case HTTPException(status_code=400):
            return MalformedRequest("the request cannot be read")
        case _:
            return error
