"""``evalkit inspect`` as its users call it."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from evalkit.files.observations import read_observations
from evalkit.observe import inspecting, needed
from evalkit.observe.looking import look_into
from tests.cli.command import ROOT, evalkit
from tests.observe.made import npm

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.observe.limits import Limits
    from evalkit.observe.looking import Request

SHIPPED = ROOT / "results" / "coding-agents-2026"
PACKAGE = {"name": "opencode-ai", "version": "9.9.9", "bin": {"opencode": "cli.js"}}
CODE = 'fetch("https://opencode.ai/api"); fetch("https://api.opencode.ai"); env.OPENCODE_DISABLE_AUTOUPDATE'


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each artefact takes a second; what it does is tested by itself."""

    def here(path: Path, request: Request, limits: Limits) -> object:
        return look_into(path, request, limits)

    monkeypatch.setattr(inspecting, "look_apart", here)


@pytest.fixture(scope="module")
def version() -> str:
    text = (SHIPPED / "answers" / "opencode.yaml").read_text(encoding="utf-8")
    return next(
        line.split("version:")[1].strip(" '\"") for line in text.splitlines() if line.startswith("  version:")
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one evaluation about one product."""
    evaluation = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "opencode.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    return tmp_path


def release(folder: Path, version: str, code: str = CODE, **package: object) -> Path:
    members: dict[str, str | bytes] = {
        "package/package.json": json.dumps({**PACKAGE, "version": version, **package}),
        "package/cli.js": code,
    }
    return npm(folder / "opencode.tgz", members)


def test_it_prints_coverage_first_what_it_proves_and_what_was_seen(project: Path, version: str) -> None:
    path = release(project, version)
    done = evalkit("inspect", path, "--product", "opencode", "--version", version, cwd=project)
    assert done.returncode == 0, done.stderr
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith(f"opencode.tgz: npm, opencode-ai {version}, 2 files, SHA-256 ")
    assert "checked in full" in second
    plain = " ".join(done.stdout.split())
    assert "presence proves no activity, and absence proves no absence" in plain
    assert plain.index("presence proves") < plain.index("OPENCODE_DISABLE_AUTOUPDATE")
    assert "supports" in done.stdout
    assert "nothing was written; --into DIR files the observations" in done.stderr
    assert not (project / "results" / "small" / "observations").exists()


def test_into_writes_records_that_can_be_read_and_the_same_again(project: Path, version: str) -> None:
    path = release(project, version)
    call = (
        "inspect",
        path,
        "--product",
        "opencode",
        "--version",
        version,
        "--into",
        ".",
        "--format",
        "jsonl",
    )
    done = evalkit(*call, cwd=project)
    assert done.returncode == 0, done.stderr
    (written,) = (project / "results" / "small" / "observations").glob("*.jsonl")
    assert f"wrote results/small/observations/{written.name}" in done.stderr.replace(f"{project}/", "")
    assert written.read_text(encoding="ascii") == done.stdout
    found = read_observations(written)
    assert found.subject.product == "opencode"
    assert found.subject.observed_on.isoformat() == "2026-11-22"
    assert evalkit(*call, cwd=project).stdout == done.stdout
    assert evalkit("check", cwd=project).returncode == 0


def test_json_holds_the_records_and_what_they_do_not_prove(project: Path, version: str) -> None:
    path = release(project, version)
    done = evalkit(
        "inspect", path, "--product", "opencode", "--version", version, "--format", "json", cwd=project
    )
    told = json.loads(done.stdout)
    assert told["format"] == "evalkit/inspection/1"
    assert told["checked_in_full"] is True
    assert "absence proves no absence" in told["no_proof"]
    assert told["artefacts"][0]["artefact"]["coverage"]["level"] == "full"


def test_another_version_is_not_judged(project: Path, version: str) -> None:
    path = release(project, "0.0.1")
    done = evalkit("inspect", path, "--product", "opencode", "--version", version, cwd=project)
    assert done.returncode == 1
    assert f"note: opencode.tgz is version 0.0.1, not {version}: nothing in it is judged" in done.stderr
    assert "0 contradict, 0 support" in done.stderr
    assert "informs, stale" in done.stdout


def test_what_cannot_be_checked_in_full_ends_with_1(project: Path, version: str) -> None:
    path = release(project, version, code="eval(unpacked)")
    done = evalkit("inspect", path, "--product", "opencode", "--version", version, cwd=project)
    assert done.returncode == 1
    assert "checked in part, because the program does not even name what it must" in " ".join(
        done.stdout.split()
    )
    assert "opencode.tgz: not checkable: " in done.stdout
    assert "│ not found" not in done.stdout


def test_without_an_evaluation_it_tells_what_is_there(tmp_path: Path) -> None:
    path = release(tmp_path, "1.0.0")
    done = evalkit(
        "inspect",
        path,
        "--product",
        "other",
        "--version",
        "1.0.0",
        "--on",
        "2026-11-27",
        "--format",
        "jsonl",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])["observed_on"] == "2026-11-27"
    assert "held against no answer" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.tgz", "--product", "opencode"], "missing.tgz: there is no such file or folder"),
        (
            ["questionnaires", "--product", "other", "--into", "."],
            "has no answers about 'other'; it has opencode",
        ),
        (
            ["questionnaires", "--product", "Not An Id"],
            "ids have lower-case letters, digits and hyphens only",
        ),
        (
            ["questionnaires", "--product", "opencode", "--into", "nowhere"],
            "nowhere: there is no such folder",
        ),
    ],
    ids=["no file", "no answers", "no id", "no evaluation"],
)
def test_what_cannot_be_used_ends_with_2(project: Path, arguments: list[str], message: str) -> None:
    done = evalkit("inspect", *arguments, "--version", "1.0.0", cwd=project)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())


def listing(path: Path, release: Path, version: str, digest: bytes | None = None) -> Path:
    raw = digest or hashlib.sha512(release.read_bytes()).digest()
    dist = {"integrity": f"sha512-{base64.b64encode(raw).decode()}"}
    path.write_text(json.dumps({"name": "opencode-ai", "version": version, "dist": dist}), encoding="utf-8")
    return path


def test_a_file_that_a_list_names_is_told_and_another_one_ends_with_1(project: Path, version: str) -> None:
    path = release(project, version)
    call = ("inspect", path, "--product", "opencode", "--version", version)
    same = evalkit(*call, "--listing", listing(project / "a.json", path, version), cwd=project)
    assert (same.returncode, "has the SHA-512" in same.stdout) == (0, True)
    assert "not checkable: PKG-SIGNATURE-UNKNOWN" in same.stdout
    other = evalkit(*call, "--listing", listing(project / "b.json", path, version, bytes(64)), cwd=project)
    assert other.returncode == 1
    assert "note: opencode.tgz is not the file that the list names" in other.stderr
    broken = evalkit(*call, "--listing", path, cwd=project)
    assert (broken.returncode, "is no JSON" in broken.stderr) == (2, True)


def test_where_a_file_came_from_is_shown_and_recorded_without_secrets(project: Path, version: str) -> None:
    path = release(project, version)
    stated = (
        "how=npm pack",
        "from=https://joe:hunter2@registry.acme.example/x?token=hunter2",
        "on=2026-11-20",
    )
    options = [part for text in stated for part in ("--obtained", text)]
    done = evalkit(
        "inspect", path, "--product", "opencode", "--version", version, "--into", ".", *options, cwd=project
    )
    assert "  obtained from registry.acme.example on 2026-11-20 with npm pack" in done.stdout
    (written,) = (project / "results" / "small" / "observations").glob("*.jsonl")
    first = json.loads(written.read_text(encoding="ascii").splitlines()[0])
    assert first["obtained"] == {"from_host": "registry.acme.example", "how": "npm pack", "on": "2026-11-20"}
    assert "hunter2" not in done.stdout + done.stderr + written.read_text(encoding="ascii")
    assert evalkit("check", cwd=project).returncode == 0


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (["where=here"], "--obtained 'where=here': say how=…, by=…, from=…, on=…"),
        (["how"], "say how=…"),
        (["how= "], "say how=…"),
        (["by=a", "by=b"], "by was said already"),
        (["from=not a host"], "is no host"),
        (["on=yesterday"], "'yesterday' is not a day"),
    ],
)
def test_where_a_file_came_from_has_to_be_said_as_asked(
    project: Path, version: str, stated: list[str], message: str
) -> None:
    path = release(project, version)
    options = [part for text in stated for part in ("--obtained", text)]
    done = evalkit("inspect", path, "--product", "opencode", "--version", version, *options, cwd=project)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())


def test_an_archive_in_it_is_told_of_and_opened_where_asked(project: Path, version: str) -> None:
    inner = npm(project / "inner.tgz", {"package/tool.js": '"https://us.i.posthog.com"'}).read_bytes()
    package = json.dumps({**PACKAGE, "version": version})
    program = {"package/package.json": package, "package/cli.js": CODE}
    path = npm(project / "outer.tgz", {**program, "package/inner.tgz": inner})
    call = ("inspect", path, "--product", "opencode", "--version", version)
    closed, opened = evalkit(*call, cwd=project), evalkit(*call, "--nested", cwd=project)
    assert "  not read: package/inner.tgz: it is an archive, which was not opened" in closed.stdout
    assert "posthog" not in closed.stdout
    assert "posthog" in opened.stdout
    assert "not read" not in opened.stdout


def test_a_wrapper_beside_its_program_is_said_to_be_one(project: Path, version: str) -> None:
    wrapper = npm(
        project / "w.tgz",
        {
            "package/package.json": json.dumps(
                {**PACKAGE, "version": version, "optionalDependencies": {"opencode-linux-x64": version}}
            )
        },
    )
    path = release(project, version)
    done = evalkit("inspect", wrapper, path, "--product", "opencode", "--version", version, cwd=project)
    plain = " ".join(done.stdout.split())
    assert "no program in it: that is in another file of this release; " in plain
    assert done.returncode == 0


def test_a_library_that_is_missing_is_named_with_how_to_install_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needed, "find_spec", lambda _: None)
    done = evalkit("inspect", "questionnaires", "--product", "opencode", "--version", "1", cwd=project)
    assert done.returncode == 2
    assert "google-re2, pyelftools, publicsuffixlist: pip install 'evalkit[observe]'" in " ".join(
        done.stderr.split()
    )


def test_no_secret_of_an_artefact_is_printed_or_written(project: Path, version: str) -> None:
    word = "a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0PsDfGhJkLz"
    keys = {
        "posthog": f"phc_{word}",
        "sentry": f"https://{'0123456789abcdef' * 2}@o1.ingest.sentry.io/2",
        "datadog": f"datadog pub{'fedcba9876543210' * 2}",
        "aws": "AKIA" + "Q4ZT7MNPLX3WVB2K",
        "github": f"ghp_{word[:36]}",
    }
    script = f"curl -H 'Authorization: Bearer {word}' https://joe:hunter2@a.example"
    code = CODE + " ".join(f'"{key}"' for key in keys.values())
    path = release(project, version, code=code, scripts={"postinstall": script})
    said = []
    for form in ("table", "json", "jsonl"):
        done = evalkit(
            "inspect",
            path,
            "--product",
            "opencode",
            "--version",
            version,
            "--into",
            ".",
            "--format",
            form,
            cwd=project,
        )
        said.append(done.stdout + done.stderr)
    said += [
        file.read_text(encoding="utf-8")
        for file in (project / "results" / "small" / "observations").glob("*.jsonl")
    ]
    assert "TEL-KEY-POSTHOG" in said[1]
    for planted in (
        word,
        "hunter2",
        "0123456789abcdef" * 2,
        "fedcba9876543210" * 2,
        "Q4ZT7MNPLX3WVB2K",
        word[:36],
    ):
        assert [planted in text for text in said] == [False] * len(said)
