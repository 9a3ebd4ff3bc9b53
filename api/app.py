"""The application, put together; every request passes the shield, then access, then the body limit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.routing import APIRoute

import scr_tone

from . import annotation, documents, languagetool
from .access import Access
from .limits import BodyLimit
from .openapi import describe
from .page import add_page
from .pool import Crowd, Places, place
from .problems import add_handlers
from .settings import Settings, read_settings
from .shield import Shield

__all__ = ["create_app", "load_model", "places_needed"]

_ROUTERS = (documents.router, annotation.router, languagetool.router)


def load_model(settings: Settings) -> scr_tone.ToneAnalyser:
    """Load the model that the settings name."""
    prior = None if settings.prior == "training" else settings.prior
    return scr_tone.load(settings.model, trusted=settings.trust_model, prior=prior)


def create_app(
    settings: Settings | None = None, *, load: Callable[[Settings], scr_tone.ToneAnalyser] = load_model
) -> FastAPI:
    """Make the application; the model is loaded once, when it starts.

    Parameters
    ----------
    settings : Settings, optional
        From the environment, if not given.
    load : callable
        Gives the analyser.

    Raises
    ------
    ConfigError
        If the settings make no sense, or would open the service to others without a key.
    """
    settings = settings or read_settings()
    settings.check_access()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.tone = load(settings)
        app.state.places = Places(settings.concurrency, settings.queue, settings.queue_seconds)
        yield

    app = FastAPI(
        title="scr-tone",
        version=scr_tone.__version__,
        description="What each sentence of a case review does with responsibility. It judges wording, never people.",
        lifespan=lifespan,
        docs_url=None,  # the documentation pages fetch scripts from another host
        redoc_url=None,
        redirect_slashes=False,  # the shield tidies paths; a redirect would send the text twice
    )
    app.state.settings = settings
    app.openapi = partial(describe, app, with_key=settings.api_key is not None)  # type: ignore[method-assign]
    add_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    add_page(app)
    # The last one added is the outermost.
    app.add_middleware(Crowd, paths=places_needed(), seconds=settings.refusal_seconds)
    app.add_middleware(
        BodyLimit,
        most=settings.text_bytes,
        larger=dict.fromkeys((documents.FILE_PATH, annotation.ANNOTATE_PATH), settings.body_bytes),
        held=settings.held_bytes,
        seconds=settings.body_seconds,
    )
    app.add_middleware(Access, settings=settings)
    app.add_middleware(Shield, access_log=settings.access_log)
    return app


def places_needed() -> set[str]:
    """Paths of what computes, for which there are only so many places."""
    return {
        route.path
        for router in _ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and any(each.dependency is place for each in route.dependencies)
    }
