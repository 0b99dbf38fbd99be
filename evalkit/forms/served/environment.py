"""The environment variables by which a command tells its notebook what to open."""

from __future__ import annotations

from typing import Final

EVALUATION: Final = "EVALKIT_FORM_EVALUATION"
"""The evaluation's folder, absolute."""
PRODUCT: Final = "EVALKIT_FORM_PRODUCT"
"""Id of the product to begin with; empty for the first one."""
ASSESSOR: Final = "EVALKIT_FORM_ASSESSOR"
"""Whose answers, where several assessors answer apart; empty for the consensus."""
OPTIONS: Final = "EVALKIT_LIVE_OPTIONS"
"""Ids of the options of the short list with blanks between; empty for the best ones."""
LANGUAGE: Final = "EVALKIT_LIVE_LANGUAGE"
"""Code of the language in which it speaks."""
PROFILE: Final = "EVALKIT_LIVE_PROFILE"
"""Id of another profile than the evaluation's; empty for its own."""
