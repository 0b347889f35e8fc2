"""The API browser and the pages of problem codes: offline, and closed to foreign scripts."""

import re

import pytest

from entrypoints.http.pages import swagger_folder
from entrypoints.http.problem_table import PROBLEMS
from tests.http.support import client
from tests.http.test_edge_health import a_service


async def test_shows_the_api_browser_without_any_other_host() -> None:
    async with client(a_service().app, token=None) as http:
        page = await http.get("/docs")
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = {part: await http.get(part) for part in parts}

    assert parts
    assert all(part.startswith("/docs/") for part in parts)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["/docs/swagger-ui-bundle.js"].headers["content-type"] == "text/javascript; charset=utf-8"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "<script>" not in page.text


def test_takes_swagger_ui_5_from_the_installed_package() -> None:
    bundle = (swagger_folder() / "swagger-ui-bundle.js").read_text(encoding="utf-8")

    assert re.search(r'"?PACKAGE_VERSION"?:"5\.', bundle)


@pytest.mark.parametrize("name", ["LICENSE", "..%2f__init__.py", "swagger-ui.js.map", "oauth2-redirect.html"])
async def test_serves_no_other_file(name: str) -> None:
    async with client(a_service().app, token=None) as http:
        assert (await http.get(f"/docs/{name}")).status_code == 404


@pytest.mark.parametrize("code", PROBLEMS)
async def test_explains_each_problem_code(code: str) -> None:
    async with client(a_service().app, token=None) as http:
        page = await http.get(f"/problems/{code}")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert code in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


async def test_explains_no_other_code() -> None:
    async with client(a_service().app, token=None) as http:
        assert (await http.get("/problems/<script>")).status_code == 404


async def test_lets_browsers_keep_pages_and_ask_whether_they_changed() -> None:
    async with client(a_service().app, token=None) as http:
        page = await http.get("/docs")
        again = await http.get("/docs", headers={"If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert page.headers["cache-control"] == "public, max-age=300"


async def test_serves_the_contract_in_force() -> None:
    async with client(a_service().app, token=None) as http:
        document = (await http.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {"/api/v1", "/api/v1/status", "/api/v1/migrations", "/livez", "/readyz"}
