"""The page: static files beside this module, in the checkout as in the wheel."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from .words import WORDS_PATH, words_module

__all__ = ["STATIC", "add_page"]

STATIC = Path(__file__).parent / "static"


def add_page(app: FastAPI, folder: Path = STATIC) -> bool:
    """Serve ``index.html`` at ``/`` and its neighbours under ``/static/``, with the library's words among them.

    Parameters
    ----------
    app : FastAPI
    folder : Path

    Returns
    -------
    bool
        Whether there is a page.
    """
    index = folder / "index.html"
    if not index.is_file():
        return False

    async def page() -> FileResponse:
        return FileResponse(index, media_type="text/html; charset=utf-8")

    shared = words_module()

    async def words() -> Response:
        return Response(shared, media_type="text/javascript; charset=utf-8")

    app.add_api_route("/", page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route(WORDS_PATH, words, methods=["GET", "HEAD"], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=folder), name="static")
    return True
