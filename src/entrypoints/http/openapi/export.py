"""The document without a running service, for `usher openapi export` and for the committed copy."""

from typing import Any, TypeVar, cast

from entrypoints.http.app import create_app
from entrypoints.http.openapi.document import document, encode
from entrypoints.http.settings import HttpSettings

T = TypeVar("T")


class Nobody:
    """Stands where services would be; the routes are only looked at."""

    def resolve(self, service_key: type[T], /) -> T:
        found: Any = service_key
        return cast("T", found)


def export(version: str) -> bytes:
    """`docs/openapi.json` of this checkout."""
    app = create_app(Nobody(), HttpSettings(secret_key=b"", version=version))
    return encode(document(app, version))
