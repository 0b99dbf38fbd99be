"""What looks like a secret is masked wherever it stands; what only looks a little like one stays."""

from __future__ import annotations

import pytest

from evalkit.model.secret_shapes import MASK, SECRET_SHAPES, fingerprint, masked, secret_shape_of

HEX = "0123456789abcdef" * 2
WORD = "a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0PsDfGhJkLz"

# Each with the part that must not be shown. Written in pieces where a scanner of repositories would complain.
PLANTED = {
    "private key": ("-----BEGIN PRIVATE KEY-----\n" + WORD + "\n-----END PRIVATE KEY-----", WORD),
    "address of a Sentry project": (f"https://{HEX}@o1.ingest.example/2", HEX),
    "password in an address": ("postgres://joe:hunter2hunter2@db.example/x", "hunter2hunter2"),
    "cookie": ("Cookie: session=abcdefg; id=12345", "abcdefg"),
    "set-cookie": ("set-cookie: sid=zyxwvut; Path=/", "zyxwvut"),
    "authorisation": ('"authorization": "Token qwertyuiop"', "qwertyuiop"),
    "bearer": ("curl -H 'X: Bearer qwertyuiop'", "qwertyuiop"),
    "query": ("https://a.example/p?page=2&access_token=qwertyuiop&x=1", "qwertyuiop"),
    "signature": ("https://a.example/blob?se=1&sig=qwertyuiop%3D", "qwertyuiop"),
    "setting": ('api_key = "qwertyuiop12"', "qwertyuiop12"),
    "JSON web token": ("eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2lnbmF0dXJl", "eyJzdWIiOiIx"),
    "PostHog": (f"phc_{WORD}", WORD),
    "Datadog": (f"pub{HEX}", HEX),
    "Statsig": (f"client-{WORD}", WORD),
    "Azure Monitor": ("InstrumentationKey=1b2c3d4e-5f60-4711-8a9b-0c1d2e3f4a5b", "1b2c3d4e"),
    "AWS": ("AKIA" + "Q4ZT7MNPLX3WVB2K", "Q4ZT7MNPLX3WVB2K"),
    "GitHub": ("ghp_" + WORD[:36], WORD[:36]),
    "GitHub, fine": ("github_pat_" + WORD, WORD),
    "GitLab": ("glpat-" + WORD[:20], WORD[:20]),
    "npm": ("npm_" + WORD[:36], WORD[:36]),
    "PyPI": ("pypi-" + WORD + WORD, WORD),
    "model provider": ("sk-ant-" + WORD, WORD),
    "Stripe": ("sk_" + "live_" + WORD[:24], WORD[:24]),
    "Slack": ("xoxb-" + "123456789012-abcdefghij", "123456789012"),
    "Google key": ("AIza" + WORD[:35], WORD[:35]),
    "Google client": ("GOCSPX-" + WORD[:28], WORD[:28]),
    "Google token": ("ya29." + WORD, WORD),
    "Hugging Face": ("hf_" + WORD[:34], WORD[:34]),
    "hexadecimal": (f"key {HEX}", HEX),
    "home on Linux": ("/home/user.name/.acme/x", "user.name"),
    "home on a Mac": ("/Users/somebody/.acme/x", "somebody"),
    "home on Windows": ("C:\\Users\\somebody\\x", "somebody"),
}


@pytest.mark.parametrize(("text", "secret"), PLANTED.values(), ids=PLANTED)
def test_a_secret_is_masked_and_what_is_around_it_stays(text: str, secret: str) -> None:
    around = f"before {text} after"
    shown = masked(around)
    assert secret not in shown
    assert MASK in shown
    assert shown.startswith("before ")
    assert len(shown) <= len(around)
    assert secret_shape_of(around) is not None


@pytest.mark.parametrize(("text", "secret"), PLANTED.values(), ids=PLANTED)
def test_what_is_masked_holds_no_secret_any_more(text: str, secret: str) -> None:
    assert secret_shape_of(masked(text)) is None
    assert masked(masked(text)) == masked(text)
    assert secret not in masked(text)


def test_every_shape_has_an_example() -> None:
    found = {secret_shape_of(text) for text, _ in PLANTED.values()}
    assert found == {shape.name for shape in SECRET_SHAPES}


@pytest.mark.parametrize(
    "text",
    [
        "DISABLE_TELEMETRY",
        "https://api.acme.example/v1?page=2",
        "package/dist/index.js",
        "phc_key and sk-short",
        "sha256 0123456789ab",
        "@acme/agent 1.0.0",
        "~/.acme/sessions",
        "npm install -g @acme/agent@latest",
        "a token, a key, a password",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert masked(text) == text
    assert secret_shape_of(text) is None


def test_a_fingerprint_tells_secrets_apart_and_shows_none() -> None:
    assert fingerprint(b"a") != fingerprint(b"b")
    assert len(fingerprint(b"a" * 1000)) == 12


def test_masking_takes_no_longer_on_text_that_is_made_for_it() -> None:
    for text in ("://" * 20_000, "eyJ" * 20_000, "?token" * 10_000, "/home/" * 10_000, "-----BEGIN " * 5_000):
        assert masked(text)
