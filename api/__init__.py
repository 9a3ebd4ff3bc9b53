"""The REST service: thin, over the library. In the wheel this package is called ``scr_tone_api``."""

from .app import create_app

__all__ = ["create_app"]
