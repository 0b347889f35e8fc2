"""Refusals of the door itself: requests that no use case gets to see."""

from domain.shared.errors import Refusal


class MalformedRequest(Refusal):
    """The bytes are no request: broken JSON, U+0000, a repeated header or key, a bad host."""

    code = "malformed_request"


class CursorInvalid(Refusal):
    """The cursor is not ours, too old, or belongs to another caller, filter or order."""

    code = "cursor_invalid"


class KeyRequired(Refusal):
    """This operation is only done under an `Idempotency-Key`."""

    code = "idempotency_key_required"


class MethodNotAllowed(Refusal):
    """The path is here, the method is not. `allow` goes into the `Allow` header."""

    code = "method_not_allowed"

    def __init__(self, reason: str, /, *, allow: str) -> None:
        super().__init__(reason)
        self.allow = allow


class NotAcceptable(Refusal):
    """The client takes nothing that this route can say."""

    code = "not_acceptable"


class RequestTimeout(Refusal):
    """The body came too slowly."""

    code = "request_timeout"


class PayloadTooLarge(Refusal):
    """The body is larger than this route takes. Fact: `max_bytes`."""

    code = "payload_too_large"


class Overloaded(Refusal):
    """This process has enough to do."""

    code = "service_unavailable"


class UriTooLong(Refusal):
    """The URI is longer than any of ours."""

    code = "uri_too_long"


class HeadersTooLarge(Refusal):
    """The headers together are larger than the door takes."""

    code = "headers_too_large"


class UnsupportedMediaType(Refusal):
    """The body is of another type, or encoded. Fact: `accepted`."""

    code = "unsupported_media_type"


class PreconditionRequired(Refusal):
    """This change needs `If-Match`, so that nobody overwrites what they have not seen."""

    code = "precondition_required"
