"""The server: uvicorn, with limits on what a slow or silent client can hold."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from scr_tone.errors import ConfigError

from .app import create_app, load_model
from .settings import Settings

__all__ = ["serve"]

_HEAD_BYTES = 32_768
_BACKLOG = 256


def serve(settings: Settings, *, ready: Callable[[str], None] = lambda url: None) -> None:
    """Serve until SIGTERM or Ctrl-C; what runs then is finished.

    Parameters
    ----------
    settings : Settings
    ready : callable
        Told the address once the port is taken and the model is loaded.

    Raises
    ------
    ConfigError
        If the settings make no sense, or the port cannot be used.
    ModelError
        If the model cannot be loaded.
    """
    settings.check_access()
    _no_core_dumps()
    listener = _listen(settings.host, settings.port)
    try:
        tone = load_model(settings)  # before the server, where an error would become a traceback
        server = uvicorn.Server(_config(settings, create_app(settings, load=lambda _: tone)))
        ready(_url(listener))
        server.run(sockets=[listener])
    finally:
        listener.close()


def _config(settings: Settings, app: Any) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http=type("Protocol", (_Patient,), {"settings": settings}),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,  # its lines hold the query; ours is in the shield
        server_header=False,
        proxy_headers=False,  # anybody can send X-Forwarded-For
        backlog=_BACKLOG,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )
    _log_to_stderr(logging.INFO if settings.access_log else logging.WARNING)
    return config


class _Patient(H11Protocol):
    """A connection that is ended when its client sends no whole head, or takes no reply, for too long."""

    settings: Settings
    _timer: asyncio.TimerHandle | None = None
    _sending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.settings.connections:
            transport.abort()
            return
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop("_timer")  # a whole head came; the body has its own clock
        elif self._timer is None and not self.transport.is_closing():
            self._expect_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._sending is None and self.transport.get_write_buffer_size():
            self._sending = self.loop.call_later(self.settings.send_seconds, self._end_if_unsent)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._sending is None:
            self._sending = self.loop.call_later(self.settings.send_seconds, self._end_if_unsent)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop("_sending")

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop("_timer")
        self._stop("_sending")
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._timer = self.loop.call_later(self.settings.header_seconds, self.transport.abort)

    def _end_if_unsent(self) -> None:
        self._sending = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _stop(self, name: str) -> None:
        timer: asyncio.TimerHandle | None = getattr(self, name)
        if timer is not None:
            timer.cancel()
            setattr(self, name, None)


def _listen(host: str, port: int) -> socket.socket:
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((bare, port))
        listener.listen(_BACKLOG)  # so that who comes before the server accepts waits instead of being refused
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"cannot be used ({error.strerror or error})",
            remedy="give another port with --port; 0 takes a free one",
            subject=f"{host}:{port}",
        ) from None
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _log_to_stderr(level: int) -> None:
    """Our two loggers, which hold nothing of a text: failures, and requests where that is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("scr_tone.service", "scr_tone.access"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


def _no_core_dumps() -> None:
    """A crash must not write the texts in memory to the disk."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
