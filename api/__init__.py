"""The REST service: thin, over the library. In the wheel this package is called ``scr_tone_api``."""

from .app import create_app
from .server import serve
from .settings import Settings, read_settings

__all__ = ["Settings", "create_app", "read_settings", "serve"]
