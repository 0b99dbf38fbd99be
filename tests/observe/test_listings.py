"""What registries and lock files say of released files, and how a file is held against it."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import EvalkitError
from evalkit.model.observation import Obtained
from evalkit.observe import inspecting
from evalkit.observe.inspecting import Given, Statements, inspect
from evalkit.observe.listings import Listed, listings_in, read_listing
from evalkit.observe.looking import look_into
from tests.observe.made import npm, program, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.observe.inspecting import Inspected, Release
    from evalkit.observe.limits import Limits
    from evalkit.observe.looking import Request

DAY = date(2026, 11, 22)
OTHER = hashlib.sha512(b"another file").digest()
WHEEL = {
    "acme_agent-1.0.0.dist-info/METADATA": "Name: Acme.Agent\nVersion: 1.0.0\n",
    "acme/cli.py": 'NAME = "acme.agent"',
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each artefact takes a second; what it does is tested by itself."""

    def here(path: Path, request: Request, limits: Limits) -> object:
        return look_into(path, request, limits)

    monkeypatch.setattr(inspecting, "look_apart", here)


def integrity(digest: bytes) -> str:
    return f"sha512-{base64.b64encode(digest).decode()}"


def npm_view(digest: bytes, **dist: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    told = {"integrity": integrity(digest), "tarball": "https://registry.acme.example/a.tgz", **dist}
    return {"name": "@acme/agent", "version": "1.0.0", "dist": told}


def lock(digest: bytes) -> dict[str, Any]:
    place = "node_modules/x/node_modules/@acme/agent"
    return {
        "lockfileVersion": 3,
        "packages": {"": {}, place: {"version": "1.0.0", "integrity": integrity(digest)}},
    }


def pypi(digest: bytes, file: str) -> dict[str, Any]:
    urls = [{"filename": "other.whl", "digests": {"sha256": "0" * 64}}]
    urls.append({"filename": file, "digests": {"sha256": digest.hex(), "md5": "0"}})
    return {"info": {"name": "acme-agent", "version": "1.0.0"}, "urls": urls}


def simple(digest: bytes, file: str, **more: object) -> dict[str, Any]:
    return {"name": "acme-agent", "files": [{"filename": file, "hashes": {"sha256": digest.hex()}, **more}]}


def pip_report(digest: bytes, file: str) -> dict[str, Any]:
    told = {
        "url": f"https://files.acme.example/{file}#x",
        "archive_info": {"hashes": {"sha256": digest.hex()}},
    }
    return {"install": [{"download_info": told, "metadata": {"name": "acme-agent", "version": "1.0.0"}}]}


def told(path: Path, *listed: dict[str, Any]) -> tuple[Release, Inspected]:
    lists = tuple(each for data in listed for each in listings_in(json.dumps(data).encode()))
    release = inspect([path], "acme", "1.0.0", Statements(), on=DAY, given=Given(lists))
    return release, release.parts[0]


def rules(part: Inspected) -> set[str]:
    return {it.rule.id for it in part.observations if it.rule.id.startswith(("PKG-LISTED", "PKG-SIGNATURE"))}


@pytest.fixture
def release(tmp_path: Path) -> tuple[Path, bytes]:
    path = npm(tmp_path / "a.tgz", program("x"))
    return path, hashlib.sha512(path.read_bytes()).digest()


@pytest.fixture
def wheel(tmp_path: Path) -> tuple[Path, bytes]:
    path = zipped(tmp_path / "acme_agent-1.0.0-py3-none-any.whl", WHEEL)
    return path, hashlib.sha256(path.read_bytes()).digest()


def test_a_package_is_the_one_that_npm_or_a_lock_file_lists(release: tuple[Path, bytes]) -> None:
    path, digest = release
    for listed in (npm_view(digest), {"versions": {"1.0.0": npm_view(digest)}}, lock(digest)):
        found, part = told(path, listed)
        assert rules(part) == {"PKG-LISTED", "PKG-SIGNATURE-UNKNOWN"}
        assert (part.is_listed, found.notes) == (True, ())
        (kept,) = (it for it in part.observations if it.rule.id == "PKG-LISTED")
        assert (kept.relation, kept.strength, kept.value.text) == ("supports", "configured", "SHA-512")


def test_a_wheel_is_the_one_that_an_index_or_a_report_lists(wheel: tuple[Path, bytes]) -> None:
    path, digest = wheel
    for listed in (pypi(digest, path.name), simple(digest, path.name), pip_report(digest, path.name)):
        assert told(path, listed)[1].is_listed is True
        assert (
            told(path, json.loads(json.dumps(listed).replace(digest.hex(), "f" * 64)))[1].is_listed is False
        )


def test_a_file_that_differs_is_told_and_contradicts_no_answer(release: tuple[Path, bytes]) -> None:
    found, part = told(release[0], npm_view(OTHER))
    assert rules(part) == {"PKG-LISTED-NOT", "PKG-SIGNATURE-UNKNOWN"}
    assert part.is_listed is False
    assert found.notes == (
        "a.tgz is not the file that the list names as @acme/agent 1.0.0: its digest differs",
    )
    assert found.contradictions == ()


def test_one_list_of_two_that_differ_is_enough_to_be_the_file(release: tuple[Path, bytes]) -> None:
    """As where a mirror that packs anew and the original are both given."""
    path, digest = release
    for lists in ((npm_view(OTHER), lock(digest)), (lock(digest), npm_view(OTHER))):
        assert told(path, *lists)[1].is_listed is True


@pytest.mark.parametrize("changed", [{"version": "1.0.1"}, {"name": "@acme/other"}])
def test_a_list_of_something_else_says_nothing(release: tuple[Path, bytes], changed: dict[str, str]) -> None:
    found, part = told(release[0], {**npm_view(OTHER), **changed})
    assert (rules(part), part.is_listed) == (set(), None)
    assert found.notes == ("a.tgz was compared with no digest: no list names @acme/agent 1.0.0",)


def test_a_folder_has_no_digest_to_compare(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "@acme/agent", "version": "1.0.0"}', encoding="utf-8")
    assert told(tmp_path, npm_view(OTHER))[1].is_listed is None


@pytest.mark.parametrize(
    ("dist", "value"),
    [
        ({"signatures": [{"keyid": "k", "sig": "s"}]}, "a signature of the registry"),
        ({"signatures": [{}, {}]}, "2 signatures"),
        ({"attestations": {"url": "u"}}, "an attestation of where it was built"),
    ],
)
def test_a_signature_in_a_list_is_a_claim(
    release: tuple[Path, bytes], dist: dict[str, Any], value: str
) -> None:
    path, digest = release
    _, part = told(path, npm_view(digest, **dist))
    (seen,) = (it for it in part.observations if it.rule.id == "PKG-SIGNATURE-LISTED")
    assert (seen.relation, seen.strength, seen.value.text) == ("informs", "present", value)
    assert "not verified" in seen.told


@pytest.mark.parametrize("dist", [{}, {"signatures": []}, {"signatures": None, "attestations": "x"}])
def test_a_field_that_is_missing_is_not_known_and_never_unsigned(
    release: tuple[Path, bytes], dist: dict[str, Any]
) -> None:
    path, digest = release
    _, part = told(path, npm_view(digest, **dist))
    (seen,) = (it for it in part.observations if it.rule.id == "PKG-SIGNATURE-UNKNOWN")
    assert (seen.relation, seen.strength) == ("informs", "not_checkable")
    assert "unsigned" not in seen.told


def test_an_attestation_of_an_index_is_a_claim(wheel: tuple[Path, bytes]) -> None:
    path, digest = wheel
    assert "PKG-SIGNATURE-LISTED" in rules(told(path, simple(digest, path.name, provenance="https://x"))[1])


BROKEN = {
    "empty": b"",
    "text": b"no json",
    "bytes": b"\xff",
    "deep": b"[" * 100_000,
    "a number": b"9" * 10_000,
    "nothing listed": b"{}",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_what_is_no_list_is_refused_with_what_is_read(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "list.json").write_bytes(raw)
    with pytest.raises(EvalkitError, match=r"list\.json: .*(no JSON|no released file).*package-lock"):
        read_listing(tmp_path / "list.json")


@pytest.mark.parametrize(
    "data",
    [
        {"name": "@acme/agent", "version": "1.0.0", "dist": {"integrity": "sha512-%%%% md5-abc sha256-AAAA"}},
        {"name": 3, "version": [], "dist": {"integrity": {}, "signatures": {}}},
        {"packages": {"node_modules/a": 3, "elsewhere": {"integrity": "x"}, "node_modules/": {}}},
        {"packages": [], "versions": [1], "urls": [3], "info": 3, "files": {}, "install": [[]]},
        {"info": {"name": "a"}, "urls": [{"digests": {"sha256": "zz"}}]},
        {"install": [{"download_info": {"url": 3, "archive_info": []}, "metadata": 3}]},
        [3, None, "x"],
    ],
)
def test_fields_of_wrong_types_say_nothing(data: object) -> None:
    assert listings_in(json.dumps(data).encode()) == ()


def test_what_is_read_apart_is_what_is_read_here(tmp_path: Path) -> None:
    raw = json.dumps([npm_view(OTHER, signatures=[{}]), lock(OTHER)]).encode()
    (tmp_path / "list.json").write_bytes(raw)
    found = read_listing(tmp_path / "list.json")
    assert found == listings_in(raw)
    assert found[0] == Listed(
        name="@acme/agent",
        version="1.0.0",
        digests={"sha512": OTHER.hex()},
        claims=("a signature of the registry",),
    )


def test_where_a_file_came_from_is_in_its_record(release: tuple[Path, bytes]) -> None:
    given = Given(obtained=Obtained(how="npm pack", from_host="registry.acme.example", on=DAY))
    (part,) = inspect([release[0]], "acme", "1.0.0", Statements(), on=DAY, given=given).parts
    assert part.artefact.obtained == given.obtained
    assert inspect([release[0]], "acme", "1.0.0", Statements(), on=DAY).parts[0].artefact.obtained is None
