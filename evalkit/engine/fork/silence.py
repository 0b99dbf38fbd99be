"""A log that nobody hears."""

from __future__ import annotations

import logging


def quiet_log() -> logging.Logger:
    """Return a logger that nobody hears: a notebook's own logging must not show the engine's."""
    log = logging.getLogger(__name__)
    log.propagate = False
    log.addHandler(logging.NullHandler())
    return log
