"""Archives that are made to do harm: each is refused or read in part, and said so."""

from __future__ import annotations

import os
import socket
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from evalkit.observe.limits import LimitReachedError, Limits, Meter
from evalkit.observe.looking import Looked, Request, look_into
from evalkit.observe.survey import Packed, Readable, survey
from tests.observe.made import (
    ACME,
    gzip_bomb,
    labels,
    looked,
    lying_zip,
    npm,
    overlapping_zip,
    pax_bomb,
    program,
    sparse_bomb,
    tarball,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.observe.members import OpenMember

NOTHING = Request(product="acme")
MIB = 1 << 20
SMALL = Limits(total_bytes=8 * MIB, member_bytes=4 * MIB, members=50, ratio=200)


def limits_hit(path: Path, limits: Limits = SMALL) -> tuple[str, ...]:
    found = look_into(path, ACME, limits)
    assert found.coverage.level != "full"
    return found.coverage.limits_hit


def test_a_bomb_of_zeros_is_left_when_it_unpacks_to_too_much(tmp_path: Path) -> None:
    path = gzip_bomb(tmp_path / "a.tgz", 16 * MIB)
    assert limits_hit(path, Limits(total_bytes=2 * MIB)) == ("more than 2 MiB unpacked",)
    assert limits_hit(path, Limits(ratio=3)) == ("unpacks to more than 3 times its size",)
    assert limits_hit(path)[0] == "it is larger than 4 MiB"


def test_a_zip_of_zeros_is_left_when_it_unpacks_to_too_much(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"a{number}": bytes(3 * MIB) for number in range(4)})
    assert limits_hit(path) == ("more than 8 MiB unpacked",)


def test_entries_without_end_are_left(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a.tgz", [{"name": f"package/f{number}"} for number in range(60)])
    assert limits_hit(path) == ("more than 50 members",)


def test_a_pax_header_that_would_fill_memory_is_refused_unread(tmp_path: Path) -> None:
    path = pax_bomb(tmp_path / "a.tgz", 6 * MIB)
    limits, meter = Limits(), Meter(Limits(), path.stat().st_size)
    with pytest.raises(LimitReachedError, match="a header of more than 1 MiB"):
        survey_all(path, limits, meter)
    assert meter.bytes_read < MIB


def survey_all(path: Path, limits: Limits, meter: Meter) -> None:
    from evalkit.observe.archives import open_members  # noqa: PLC0415 - only here

    for opened in open_members(path, limits, meter):
        for _ in opened.chunks:
            pass


def test_a_header_within_a_header_within_a_header_is_left(tmp_path: Path) -> None:
    info = tarfile.TarInfo("pax")
    info.type = tarfile.XHDTYPE
    (tmp_path / "a.tar").write_bytes(info.tobuf() * 3000 + bytes(1024))
    (reason,) = limits_hit(tmp_path / "a.tar")
    assert reason.startswith("damaged: ")


def test_a_sparse_member_is_refused_whatever_it_declares(tmp_path: Path) -> None:
    path = sparse_bomb(tmp_path / "a.tgz")
    assert path.stat().st_size < 300
    with tarfile.open(path) as archive:
        (member,) = archive.getmembers()
        assert member.issparse()
        assert member.size == 1 << 40
    assert limits_hit(path) == ("it is a sparse file",)


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = overlapping_zip(tmp_path / "a.zip", 40)
    assert labels(path)[:2] == [("a", ""), ("a", "it shares its bytes with another member")]
    assert limits_hit(path) == ("it shares its bytes with another member",)


def test_a_false_size_is_found_while_reading_and_hides_no_other_member(tmp_path: Path) -> None:
    path = lying_zip(tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].file_size == 10
    (reason,) = limits_hit(path)
    assert reason.startswith("a member is damaged: Bad CRC-32")
    assert [label for label, _ in labels(path)] == ["a", "b"]


def test_a_list_of_members_that_would_fill_memory_is_refused_unread(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"a{number}": "x" for number in range(100)})
    assert limits_hit(path, Limits(directory_bytes=1000)) == ("a list of members of more than 0 MiB",)


def test_names_are_labels_and_nothing_is_written(tmp_path: Path) -> None:
    members = {"../../evil": "x", "/etc/evil": "x", "C:\\x\\y": "x", "package/package.json": "{}"}
    for path in (npm(tmp_path / "a.tgz", members), zipped(tmp_path / "a.zip", members)):
        before = sorted(tmp_path.rglob("*"))
        found = look_into(path, NOTHING, Limits())
        assert [sighting.text for sighting in found.sightings if sighting.key == "PKG-NAMES"] == ["3 members"]
        assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent.parent / "evil").exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "it is a link, which is not followed"),
        ({"type": tarfile.LNKTYPE, "linkname": "/etc/shadow"}, "it is a link, which is not followed"),
        ({"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3}, "it is no ordinary file"),
        ({"type": tarfile.FIFOTYPE}, "it is no ordinary file"),
    ],
    ids=["symlink", "hardlink", "device", "fifo"],
)
def test_links_and_devices_are_recorded_and_not_followed(
    tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    path = tarball(
        tmp_path / "a.tgz", [{"name": "package/l", **fields}, {"name": "package/l/x", "data": b"y"}]
    )
    assert labels(path) == [("package/l", reason), ("package/l/x", "")]
    assert look_into(path, NOTHING, Limits()).coverage.members_skipped == (f"package/l: {reason}",)


def test_a_link_in_a_zip_is_recorded_and_not_followed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("l")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert labels(tmp_path / "a.zip") == [("l", "it is a link, which is not followed")]


def test_names_too_long_or_too_deep_are_refused_and_shown_escaped(tmp_path: Path) -> None:
    names = ["package/" + "n" * 5000, "package/" + "d/" * 90 + "x", "package/a\x1b[31mred\u202egpj.exe"]
    path = tarball(tmp_path / "a.tgz", [{"name": name, "data": b"acme"} for name in names])
    found = look_into(path, NOTHING, Limits())
    assert set(found.coverage.limits_hit) == {
        "its name has more than 1024 characters",
        "its name is more than 64 folders deep",
    }
    shown = repr(found.model_dump())
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert max(len(skipped) for skipped in found.coverage.members_skipped) < 260


def test_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    path = tarball(
        tmp_path / "a.tgz",
        [
            {"name": "package/dup.js", "data": b"fetch('https://us.i.posthog.com')"},
            {"name": "package/dup.js", "data": b"fetch('https://api.segment.io')"},
        ],
    )
    hosts = {
        sighting.text for sighting in look_into(path, ACME, Limits()).sightings if "INGEST" in sighting.key
    }
    assert hosts == {"us.i.posthog.com", "api.segment.io"}


def test_one_line_of_megabytes_is_searched() -> None:
    line = b"a" * (9 * MIB) + b' u="https://api.segment.io" ' + b"b" * MIB
    found = looked({"package/a.js": line})
    assert [sighting.text for sighting in found.sightings if "INGEST" in sighting.key] == ["api.segment.io"]


def test_archives_within_archives_are_not_opened_and_make_the_looking_partial(tmp_path: Path) -> None:
    inner = npm(tmp_path / "i.tgz", {"x": os.urandom(200_000)}).read_bytes()
    members = program("", **{"package/inner.tgz": inner})
    found = looked(members)
    assert found.coverage.level == "partial"
    assert found.coverage.bytes_opaque > 100_000


def test_a_truncated_archive_keeps_what_came_before(tmp_path: Path) -> None:
    path = npm(
        tmp_path / "a.tgz", program("fetch('https://api.segment.io')", **{"package/z": os.urandom(300_000)})
    )
    path.write_bytes(path.read_bytes()[:100_000])
    found = look_into(path, ACME, Limits())
    assert found.coverage.limits_hit[0].startswith("damaged: ")
    assert found.coverage.level == "partial"
    assert "NET-INGEST Segment" in [sighting.key for sighting in found.sightings]


@pytest.mark.parametrize("head", [b"\x1f\x8bnot gzip", b"PK\x03\x04not zip", b"PK\x05\x06"])
def test_what_only_begins_like_an_archive_is_damaged(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a").write_bytes(head)
    (reason,) = limits_hit(tmp_path / "a")
    assert reason.startswith("damaged: ")


def test_an_encrypted_member_is_said_to_be(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": "x"})
    raw = bytearray(path.read_bytes())
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert limits_hit(path) == ("it is encrypted",)


def test_a_folder_is_read_without_following_links_or_opening_pipes(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("fetch('https://api.segment.io')", encoding="utf-8")
    folder = tmp_path / "a"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "cli.js").write_text("'https://us.i.posthog.com'", encoding="utf-8")
    (folder / "link.js").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    found = look_into(folder, ACME, Limits())
    assert found.kind == "folder"
    assert found.files == 1
    assert [sighting.text for sighting in found.sightings if "INGEST" in sighting.key] == ["us.i.posthog.com"]
    assert found.coverage.members_skipped == (
        "link.js: it is a link, which is not followed",
        "pipe: it is no ordinary file",
        "up: it is a link, which is not followed",
    )


def test_a_socket_in_a_folder_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert labels(tmp_path) == [("s", "it is no ordinary file")]


def test_an_artefact_that_changes_between_two_readings_is_not_trusted() -> None:
    turn = iter((["a.js", "b.js"], ["b.js", "a.js"]))

    def members(meter: Meter) -> Iterator[OpenMember]:
        from evalkit.observe.members import Member, OpenMember  # noqa: PLC0415 - only here

        assert meter.bytes_read == 0
        for label in next(turn):
            yield OpenMember(Member(label, 1), iter([b"x"]))

    from evalkit.observe.looking import look  # noqa: PLC0415 - only here

    found: Looked = look(Readable(members, "folder", 2, Limits()), NOTHING, Packed())
    assert found.coverage.limits_hit == ("it changed while it was read",)


def test_the_digest_of_contents_does_not_depend_on_order_or_packing(tmp_path: Path) -> None:
    members = program("x", **{"package/z.js": "z"})
    turned = dict(reversed(members.items()))
    digests = {
        look_into(path, NOTHING, Limits()).contents
        for path in (
            npm(tmp_path / "a.tgz", members),
            npm(tmp_path / "b.tgz", turned),
            zipped(tmp_path / "c", turned),
        )
    }
    assert len(digests) == 1


def test_a_source_map_too_large_to_parse_is_said_to_be() -> None:
    limits = Limits(document_bytes=1000)
    text = (
        '{"version": 3, "sources": ["src/a.ts"], "sourcesContent": ["' + "x" * 2000 + '"], "mappings": "A"}'
    )
    found = looked(program("", **{"package/cli.js.map": text}), limits=limits)
    assert found.coverage.limits_hit == ("a source map that is too large",)


@pytest.mark.parametrize(
    "text", ['{"a":' * 100_000, "[" * 100_000, '{"scripts": {"install": 3}}', "\xff\xfe", "null"]
)
def test_metadata_that_is_made_to_break_parsers_breaks_nothing(text: str) -> None:
    found = looked({"package/package.json": text, "package/a.js.map": '{"mappings":' + text})
    assert found.name == ""


def test_a_survey_reads_no_more_than_its_limits(tmp_path: Path) -> None:
    path = gzip_bomb(tmp_path / "a.tgz", 16 * MIB)
    meters: list[Meter] = []

    def members(meter: Meter) -> Iterator[OpenMember]:
        from evalkit.observe.archives import open_members  # noqa: PLC0415 - only here

        meters.append(meter)
        return open_members(path, limits, meter)

    limits = Limits(total_bytes=3 * MIB)
    survey(Readable(members, "tar", path.stat().st_size, limits))
    assert meters[0].bytes_read <= 4 * MIB
