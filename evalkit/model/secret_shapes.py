"""What keys, tokens and passwords look like, so that nothing that evalkit writes repeats one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

MASK: Final = "…"
"""Stands for what is not shown; shorter than anything it replaces, so that limits of length hold."""

_LEFT: Final = r"(?<![A-Za-z0-9])"
_RIGHT: Final = r"(?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class SecretShape:
    """One form that a secret has.

    Attributes
    ----------
    pattern : re.Pattern
        Its group ``secret`` is what may not be shown; the rest says what it belongs to.
    """

    name: str
    pattern: re.Pattern[str]


def _shape(name: str, pattern: str, *, cased: bool = True) -> SecretShape:
    return SecretShape(name, re.compile(pattern, 0 if cased else re.IGNORECASE))


def _token(name: str, pattern: str) -> SecretShape:
    return _shape(name, f"{_LEFT}(?P<secret>{pattern}){_RIGHT}")


SECRET_SHAPES: Final[tuple[SecretShape, ...]] = (
    _shape(
        "private key",
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?P<secret>[^-]{1,8000})(?:-----END|\Z)",
    ),
    _shape("user in an address", r"[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<secret>[^\s/?#@\"'<>]{1,400})@"),
    _shape("cookie", r"\b(?:set-)?cookie\s{0,4}[:=]\s{0,4}(?P<secret>[^\r\n]{1,4000})", cased=False),
    _shape(
        "header of authorisation",
        r"\b(?:proxy-)?authorization[\"']?\s{0,4}[:=]\s{0,4}(?P<secret>[^\r\n]{1,4000})",
        cased=False,
    ),
    _shape("bearer token", r"\b(?:bearer|basic)\s{1,4}(?P<secret>[A-Za-z0-9._~+/=-]{8,4000})", cased=False),
    _shape(
        "value in a query",
        r"[?&;](?:[a-z0-9_.-]{0,30}(?:token|key|secret|password|passwd|pwd|signature|credential|session|auth)"
        r"[a-z0-9_.-]{0,20}|sig|code|jwt|sid)=(?P<secret>[^\s&#;\"'<>]{1,2000})",
        cased=False,
    ),
    _shape(
        "value of a secret setting",
        r"(?:api[_-]?key|access[_-]?key|secret(?:[_-]?key)?|password|passwd|(?:auth|access|refresh)[_-]?token"
        r"|accountkey|client[_-]?secret|sharedaccesskey)[\"']?\s{0,4}[:=]\s{0,4}[\"']?"
        r"(?P<secret>[A-Za-z0-9._~+/=-]{8,2000})",
        cased=False,
    ),
    _token("JSON web token", r"eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,4000}(?:\.[A-Za-z0-9_-]{0,4000})?"),
    _token("PostHog key", r"ph[cx]_[A-Za-z0-9]{20,60}"),
    _token("Datadog client token", r"pub[0-9a-f]{32}"),
    _token("Statsig key", r"(?:client|secret)-[A-Za-z0-9]{40,48}"),
    _shape("instrumentation key", r"InstrumentationKey=(?P<secret>[0-9A-Fa-f-]{32,36})"),
    _token("AWS access key", r"(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}"),
    _token("GitHub token", r"gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}"),
    _token("GitLab token", r"gl[a-z]{2,5}-[A-Za-z0-9_-]{20,64}"),
    _token("npm token", r"npm_[A-Za-z0-9]{30,64}"),
    _token("PyPI token", r"pypi-[A-Za-z0-9_-]{40,400}"),
    _token("model provider key", r"[sr]k-[A-Za-z0-9_-]{20,300}"),
    _token("Stripe key", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}"),
    _token("Slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,200}"),
    _token("Google API key", r"AIza[A-Za-z0-9_-]{35}"),
    _token("Google client secret", r"GOCSPX-[A-Za-z0-9_-]{20,40}"),
    _token("Google access token", r"ya29\.[A-Za-z0-9_-]{20,400}"),
    _token("Hugging Face token", r"hf_[A-Za-z0-9]{30,60}"),
    _token("hexadecimal key", r"[0-9A-Fa-f]{32,128}"),
    _shape("name of a user", r"(?:/home|/Users|[A-Za-z]:\\Users)[/\\](?P<secret>[^/\\\s\"':]{1,80})"),
)
"""Every form looked for, the longest first, so that a token within a header goes with its header."""


def masked(text: str) -> str:
    """Return text with every secret in it replaced by :data:`MASK`.

    >>> masked("https://0123456789abcdef0123456789abcdef@o1.ingest.example/2")
    'https://…@o1.ingest.example/2'
    """
    for shape in SECRET_SHAPES:
        text = shape.pattern.sub(_without_secret, text)
    return text


def secret_shape_of(text: str) -> str | None:
    """Return what sort of secret a text holds; None if it holds none."""
    return next((shape.name for shape in SECRET_SHAPES if _shows(shape, text)), None)


def fingerprint(secret: bytes) -> str:
    """Return what may be kept of a secret: enough to tell two apart, not enough to use one."""
    return hashlib.sha256(secret).hexdigest()[:12]


def _shows(shape: SecretShape, text: str) -> bool:
    return any(match.group("secret") != MASK for match in shape.pattern.finditer(text))


def _without_secret(match: re.Match[str]) -> str:
    start, end = match.span("secret")
    whole = match.group()
    return whole[: start - match.start()] + MASK + whole[end - match.start() :]
