"""Archives within an archive: left closed by default, and opened one level deep where that is asked for."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from evalkit.observe.limits import Limits
from evalkit.observe.looking import Looked, look_into
from tests.observe.made import ACME, gzip_bomb, lying_zip, noise, npm, program, zipped

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1 << 20
BOTH = Limits(nesting=2)
HOST = 'fetch("https://us.i.posthog.com")'
INNER = program(HOST, **{"package/README.md": "ACME_NO_TELEMETRY"})


def within(folder: Path, raw: bytes, name: str = "extension/inner.tgz", **more: str | bytes) -> Path:
    """A zip that holds an archive beside a program."""
    return zipped(folder / "outer.zip", {**program(""), name: raw, **more})


def found(looked: Looked) -> dict[str, list[str]]:
    return {
        sighting.text: [locator.member for locator in sighting.locators]
        for sighting in looked.sightings
        if not sighting.key.startswith("PKG-")
    }


def inner(folder: Path, shape: str) -> bytes:
    path = folder / "inner"
    return {"tar": npm, "zip": zipped}[shape](path, INNER).read_bytes()


@pytest.mark.parametrize("shape", ["tar", "zip"])
def test_an_archive_in_an_archive_is_left_closed_and_told_of(tmp_path: Path, shape: str) -> None:
    looked = look_into(within(tmp_path, inner(tmp_path, shape)), ACME, Limits())
    assert found(looked) == {}
    assert looked.coverage.members_skipped == ("extension/inner.tgz: it is an archive, which was not opened",)


@pytest.mark.parametrize("shape", ["tar", "zip"])
def test_it_is_opened_where_that_is_asked_for(tmp_path: Path, shape: str) -> None:
    path = within(tmp_path, inner(tmp_path, shape))
    closed, opened = look_into(path, ACME, Limits()), look_into(path, ACME, BOTH)
    assert found(opened) == {
        "us.i.posthog.com": ["extension/inner.tgz!/package/cli.js"],
        "ACME_NO_TELEMETRY": ["extension/inner.tgz!/package/README.md"],
    }
    assert opened.coverage.members_skipped == ()
    assert (opened.name, opened.version) == ("@acme/agent", "1.0.0")
    assert opened.contents == closed.contents
    assert opened.coverage.bytes_scanned > closed.coverage.bytes_scanned


def test_what_is_packed_by_itself_is_one_member(tmp_path: Path) -> None:
    path = within(tmp_path, gzip.compress(HOST.encode(), mtime=0), "assets/app.js.gz")
    assert found(look_into(path, ACME, BOTH)) == {"us.i.posthog.com": ["assets/app.js.gz!/app.js"]}


def test_the_package_in_it_does_not_say_what_the_release_is(tmp_path: Path) -> None:
    raw = zipped(tmp_path / "inner.zip", {"package.json": INNER["package/package.json"]}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"inner.zip": raw, "a.js": "acme-agent"})
    looked = look_into(path, ACME, BOTH)
    assert (looked.kind, looked.name, looked.platform_packages) == ("zip", "", ())


def test_a_third_level_stays_closed(tmp_path: Path) -> None:
    raw = inner(tmp_path, "zip")
    for level in range(50):
        raw = zipped(tmp_path / f"{level}.zip", {f"{level}.zip": raw}).read_bytes()
    looked = look_into(within(tmp_path, raw, "a.zip"), ACME, BOTH)
    assert looked.coverage.members_skipped == ("a.zip!/49.zip: it is an archive, which was not opened",)
    assert found(looked) == {}


def test_a_bomb_in_an_archive_is_counted_with_it(tmp_path: Path) -> None:
    raw = gzip_bomb(tmp_path / "bomb.tgz", 16 * MIB).read_bytes()
    limits = Limits(nesting=2, total_bytes=4 * MIB)
    looked = look_into(within(tmp_path, raw), ACME, limits)
    assert looked.coverage.limits_hit == ("more than 4 MiB unpacked",)
    assert look_into(within(tmp_path, raw), ACME, Limits(nesting=2, ratio=3)).coverage.limits_hit == (
        "unpacks to more than 3 times its size",
    )
    assert look_into(within(tmp_path, raw), ACME, Limits(total_bytes=4 * MIB)).coverage.limits_hit == ()


def test_one_that_is_too_large_to_be_held_is_told_of(tmp_path: Path) -> None:
    raw = zipped(tmp_path / "inner.zip", {"a": noise(3 * MIB), "b.js": HOST}).read_bytes()
    looked = look_into(within(tmp_path, raw), ACME, Limits(nesting=2, nested_bytes=MIB))
    assert looked.coverage.limits_hit == ("an archive of more than 1 MiB in it was not opened",)
    assert looked.coverage.bytes_opaque > 2 * MIB


@pytest.mark.parametrize("cut", [100, -40], ids=["early", "late"])
@pytest.mark.parametrize("shape", ["tar", "zip"])
def test_a_damaged_one_hides_nothing_beside_it(tmp_path: Path, shape: str, cut: int) -> None:
    path = within(tmp_path, inner(tmp_path, shape)[:cut], **{"z.js": '"https://api.acme.com"'})
    looked = look_into(path, ACME, BOTH)
    assert looked.coverage.level == "partial"
    assert any(reason.startswith("an archive in it is damaged") for reason in looked.coverage.limits_hit)
    assert found(looked)["api.acme.com"] == ["z.js"]


def test_a_member_of_it_that_lies_about_its_size_is_told_of(tmp_path: Path) -> None:
    looked = look_into(within(tmp_path, lying_zip(tmp_path / "lying.zip").read_bytes()), ACME, BOTH)
    (reason,) = looked.coverage.limits_hit
    assert reason.startswith("a member is damaged: Bad CRC-32")


def test_an_archive_that_was_opened_hides_no_packed_program_in_it(tmp_path: Path) -> None:
    raw = zipped(tmp_path / "inner.zip", {"agent": b"\0" + noise(MIB)}).read_bytes()
    for limits in (Limits(), BOTH):
        looked = look_into(within(tmp_path, raw), ACME, limits)
        assert looked.opaque_share > 0.9
        assert looked.coverage.level == "partial"
        assert looked.coverage.bytes_opaque <= looked.coverage.bytes_total < 2 * MIB
