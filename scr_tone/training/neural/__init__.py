"""What needs PyTorch: the network, its training and its export. Only `scr-tone train` with an encoder comes here."""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # see scr_tone.encoder
