"""The page: built files under one folder, and index.html for every address of its own."""

from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

NOT_BUILT = """The page is not built.

Build it with `npm ci && npm run build` in frontend/. The API answers under /api,
its description is /api/openapi.json.
"""
YEAR = "public, max-age=31536000, immutable"


class Page:
    """An ASGI application for everything outside /api; assets carry their hash in their names."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        self.files = StaticFiles(directory=dist, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        response = await self.answer(scope)
        await response(scope, receive, send)

    async def answer(self, scope: Scope) -> Response:
        path = scope["path"].lstrip("/")
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if not (self.dist / "index.html").is_file():
            return PlainTextResponse(NOT_BUILT, 503)
        is_file = bool(PurePosixPath(path).suffix)
        response = await self.files.get_response(path if is_file else "index.html", scope)
        hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = YEAR if hashed else "no-cache"
        return response
