"""The page beside the API: files, addresses of its own, headers."""

from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from tests.api.conftest import PAGE, SCRIPT, serving


@pytest.fixture
def site(address: str) -> str:
    return address


@pytest.mark.parametrize("path", ["/", "/sweeps/7", "/sweeps/7/compare?k=64", "/index.html"])
def test_every_address_of_the_page_answers_its_document(site: str, path: str) -> None:
    reply = httpx.get(site + path)
    assert (reply.status_code, reply.text) == (200, PAGE)
    assert reply.headers["cache-control"] == "no-cache"


def test_hashed_assets_are_kept_for_a_year(site: str) -> None:
    reply = httpx.get(f"{site}/assets/index-1a2b3c.js")
    assert reply.text == SCRIPT
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_page_is_sent_compressed_to_whoever_takes_it(site: str) -> None:
    sizes = []
    for takes in ("gzip", "identity"):
        headers = {"Accept-Encoding": takes}
        with httpx.stream("GET", f"{site}/assets/large-1a2b3c.js", headers=headers) as reply:
            assert reply.headers["vary"] == "Accept-Encoding"
            assert reply.headers.get("content-encoding", "identity") == takes
            sizes.append(sum(len(part) for part in reply.iter_raw()))
    assert sizes[0] < sizes[1] / 10


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/favicon.ico", "/assets/..%2f..%2fetc%2fpasswd.txt"]
)
def test_a_missing_file_is_not_found(site: str, path: str) -> None:
    reply = httpx.get(site + path)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_the_page_cannot_be_posted_to(site: str) -> None:
    assert httpx.post(f"{site}/sweeps").status_code == 405


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/nothing", "/assets/index-1a2b3c.js"])
def test_every_reply_carries_the_security_headers(site: str, path: str) -> None:
    headers = httpx.get(site + path).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_an_unbuilt_page_says_how_to_build_it(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql+psycopg://", frontend_dist=tmp_path / "none")
    with serving(settings) as address:
        reply = httpx.get(address)
    assert reply.status_code == 503
    assert "The page is not built" in reply.text
