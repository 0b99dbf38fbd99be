"""What a vendor may write to break a page, a notebook, a terminal or a spreadsheet."""

from __future__ import annotations

from typing import Any

SCRIPT = "<script>alert('s')</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
MARKDOWN_IMAGE = "![pixel](https://tracker.example/pixel.png)"
MARKDOWN_LINK = "[click](javascript:alert(1))"
ANSI = "\x1b[31mred\x1b[0m"
BIDI = "safe \u202egnp.exe"
CLOSING = "</style></title></textarea><!-- {{ 7*7 }} {% raw %} %%html"
LONG = "w" * 5000
FORMULA = '=HYPERLINK("https://evil.example","x")'

EVERYTHING = f"{SCRIPT} {IMAGE} {MARKDOWN_IMAGE} {MARKDOWN_LINK} {ANSI} {BIDI} {CLOSING} {LONG}"


def hostile_answers(questionnaire: str) -> dict[str, Any]:
    """Return an answers document in which every text that a vendor supplies is hostile."""
    evidence = [{"class": "documented", "source": "docs", "locator": EVERYTHING}]
    return {
        "format": "evalkit/answers/1",
        "questionnaire": questionnaire,
        "product": {
            "id": "hostile",
            "name": f"{FORMULA} {EVERYTHING}",
            "vendor": EVERYTHING,
            "version": EVERYTHING,
            "licence": "closed",
            "operating_systems": ["linux"],
            "features": ["hosted_backend"],
        },
        "prepared": {"by": EVERYTHING, "on": "2026-11-01", "basis": EVERYTHING},
        "deployments": [
            {
                "id": "direct",
                "name": EVERYTHING,
                "route": "vendor_direct",
                "surface": "cli",
                "plan": "enterprise",
            }
        ],
        "sources": {
            "docs": {
                "title": EVERYTHING,
                "publisher": EVERYTHING,
                "url": "javascript:alert(document.domain)",
                "kind": "vendor-docs",
                "version": EVERYTHING,
                "retrieved": "2026-11-01",
            }
        },
        "answers": {
            "NET-05": {"value": 2, "finding": EVERYTHING, "also": EVERYTHING, "evidence": evidence},
            "NET-01": {
                "value": {"documented": ["<b>host</b>.example"], "observed": [], "purposes_given": True},
                "finding": EVERYTHING,
                "evidence": evidence,
            },
            "NET-06": {"state": "unknown", "finding": EVERYTHING},
        },
    }
