"""What the tests of forms share: a questionnaire that is read once."""

from __future__ import annotations

import pytest

from evalkit.exchange.vendor_form import place
from tests.exchange.vendor_form.acme import QUESTIONNAIRE


@pytest.fixture(autouse=True)
def _questionnaire_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "load_questionnaire", lambda _folder: QUESTIONNAIRE)
