"""Pages for people: the API browser at /docs and a page for each problem code. Nothing comes from a foreign host."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import PathParameter
from msgspec import Meta

from domain.shared.errors import NotFound
from entrypoints.http.edge.exchange import current
from entrypoints.http.problem_table import PROBLEMS, ProblemKind
from entrypoints.http.responses import FileResponse
from entrypoints.http.settings import HttpSettings

_ASSETS: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
"""What is served of the installed Swagger UI 5; nothing of it is copied into this project."""

_START: Final = b"""window.addEventListener("load", function () {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json", dom_id: "#browser", deepLinking: true, validatorUrl: null, queryConfigEnabled: false
  });
});
"""
_STYLE: Final = b"""body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
code{background:#f2f2f5;padding:.1em .3em;border-radius:.2em}dt{font-weight:600}a{color:#0b57d0}
"""
_HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """The OpenAPI document; made when it is first asked for, because that takes a moment."""

    make: Callable[[], bytes]


class IndexBody(msgspec.Struct, frozen=True):
    """Where to go from here."""

    name: Annotated[str, Meta(description="The product.", examples=["Usher"])]
    version: Annotated[str, Meta(description="The release.", examples=["0.1.0"])]
    docs_url: Annotated[str, Meta(description="The API browser.", examples=["https://usher.example/docs"])]
    openapi_url: Annotated[
        str, Meta(description="The contract, OpenAPI 3.1.", examples=["https://usher.example/openapi.json"])
    ]
    problems_url: Annotated[str, Meta(description="All problem codes.", examples=["https://usher.example/problems"])]
    status_url: Annotated[
        str, Meta(description="The state of the service.", examples=["https://usher.example/api/v1/status"])
    ]


class IndexEnvelope(msgspec.Struct, frozen=True):
    """Where to go from here."""

    data: IndexBody


class IndexController(Controller):
    """The root of the API."""

    path = "/"
    tags = ("Health",)

    @get("/", operation_id="index_get")
    async def index(self, http: NamedDependency[HttpSettings]) -> IndexEnvelope:
        """Show where everything is."""
        root = http.public_url
        return IndexEnvelope(
            data=IndexBody(
                "Usher",
                http.version,
                f"{root}/docs",
                f"{root}/openapi.json",
                f"{root}/problems",
                f"{root}/api/v1/status",
            )
        )


class PageController(Controller):
    """Pages and files; no part of the API, so not in its document."""

    path = "/"
    include_in_schema = False

    @get("/openapi.json", operation_id="openapi_get", opt={"page": True})
    async def openapi(self, api_document: NamedDependency[ApiDocument]) -> FileResponse:
        """Serve the contract."""
        return _file(api_document.make(), "application/json")

    @get("/docs", operation_id="docs_show", opt={"page": True})
    async def docs(self) -> FileResponse:
        """Serve the API browser."""
        body = (
            '<link rel="stylesheet" href="/docs/swagger-ui.css"><div id="browser"></div>'
            '<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>'
        )
        return _file(_page("Usher API", body, style=False), _HTML)

    @get("/docs/{name:str}", operation_id="docs_asset", opt={"page": True})
    async def asset(
        self,
        name: Annotated[str, PathParameter(description="A file.", examples=[Example(value="swagger-ui.css")])],
    ) -> FileResponse:
        """Serve a file of the API browser."""
        if name == "start.js":
            return _file(_START, "text/javascript; charset=utf-8")
        if name == "page.css":
            return _file(_STYLE, "text/css; charset=utf-8")
        if name not in _ASSETS:
            raise NotFound("no such file")
        return _file(_read_asset(name), _ASSETS[name])

    @get("/problems", operation_id="problems_list", opt={"page": True})
    async def problems(self) -> FileResponse:
        """List the problem codes."""
        rows = "".join(
            f'<dt>{kind.status} <a href="/problems/{code}"><code>{code}</code></a></dt><dd>{escape(kind.title)}</dd>'
            for code, kind in PROBLEMS.items()
        )
        return _file(_page("Problems", f"<h1>Problems</h1><dl>{rows}</dl>"), _HTML)

    @get("/problems/{code:str}", operation_id="problems_get", opt={"page": True})
    async def problem(
        self,
        code: Annotated[str, PathParameter(description="A code.", examples=[Example(value="not_found")])],
    ) -> FileResponse:
        """Explain one problem code."""
        if code not in PROBLEMS:
            raise NotFound("no such problem code")
        return _file(_page(code, _explain(PROBLEMS[code])), _HTML)


def _explain(kind: ProblemKind) -> str:
    members = "".join(f"<dt><code>{name}</code></dt><dd>{_prose(text)}</dd>" for name, text in kind.members.items())
    extra = f"<h2>Extra members</h2><dl>{members}</dl>" if members else ""
    return (
        f"<h1>{escape(kind.title)}</h1><p>Status {kind.status}, code <code>{kind.code}</code>.</p>"
        f"<p>{_prose(kind.meaning)}</p><h2>What to do</h2><p>{_prose(kind.advice)}</p>{extra}"
        '<p><a href="/problems">All problems</a></p>'
    )


def _prose(text: str) -> str:
    """Escaped text, with what stands between back ticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def _page(title: str, body: str, *, style: bool = True) -> bytes:
    sheet = '<link rel="stylesheet" href="/docs/page.css">' if style else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="/docs/favicon-32x32.png">{sheet}</head><body>{body}</body></html>'
    ).encode()


def _file(content: bytes, media_type: str) -> FileResponse:
    etag = f'"{sha256(content).hexdigest()[:20]}"'
    current().etag = etag.encode("ascii")
    return FileResponse(content, media_type=media_type, etag=etag)


@cache
def _read_asset(name: str) -> bytes:
    return (swagger_folder() / name).read_bytes()


def swagger_folder() -> Path:
    """Where the installed `swagger-ui-py` keeps the files of Swagger UI; its Python code is never imported."""
    spec = find_spec("swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package swagger-ui-py is not installed")
    return Path(spec.submodule_search_locations[0]) / "static"
