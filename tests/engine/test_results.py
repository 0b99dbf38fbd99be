"""Results in a folder and in object stores: one in memory, one that speaks S3 on this machine."""

from __future__ import annotations

import json
import sys
import urllib.request
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.results import LocalFolder, RemoteStore
from evalkit.errors import EvalkitError
from tests.engine.conftest import PAGE, job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.engine.events import Event
    from evalkit.engine.job import Job, Outcome
    from evalkit.engine.results import ResultStore

AWKWARD = "Ünï {product} 100%.html"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:  # noqa: ANN401 - fsspec has no types
    """An S3 with one empty bucket "kept", which drivers find by their environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    urllib.request.urlopen(urllib.request.Request(f"{s3_server}/moto-api/reset", method="POST")).close()  # noqa: S310 - our own server
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    files.call_s3("create_bucket", Bucket="kept")
    return files


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ResultStore]:
    """A store of each kind, below a folder with an awkward name."""
    place = "re {ports} ü"
    opened: ResultStore
    if request.param == "folder":
        opened = LocalFolder(tmp_path / place)
    elif request.param == "memory":
        request.getfixturevalue("memory")
        opened = RemoteStore(f"memory://kept/{place}")
    else:
        request.getfixturevalue("s3")
        opened = RemoteStore(f"s3://kept/{place}/")
    opened.begin()
    yield opened
    opened.close()


def _write(store: ResultStore, name: str, raw: bytes) -> Path:
    path = store.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def test_what_is_published_is_there_by_its_name_until_it_is_removed(store: ResultStore) -> None:
    store.publish(_write(store, "index.html", b"i"), _write(store, f"reports/{AWKWARD}", b"r"))
    assert store.names() == ("index.html",)
    assert store.names("reports") == (f"reports/{AWKWARD}",)
    store.remove(f"reports/{AWKWARD}")
    store.remove(f"reports/{AWKWARD}")
    assert store.names("reports") == ()
    assert store.names("nowhere") == ()


def test_an_address_leads_to_the_file(store: ResultStore) -> None:
    path = _write(store, AWKWARD, b"content")
    store.publish(path)
    with fsspec.open(store.address(path), "rb") as file:
        assert file.read() == b"content"


def test_publishing_again_replaces(store: ResultStore) -> None:
    path = _write(store, "index.html", b"a longer content")
    store.publish(path)
    store.publish(_write(store, "index.html", b"new"))
    with fsspec.open(store.address(path), "rb") as file:
        assert file.read() == b"new"
    assert store.names() == ("index.html",)


def test_a_browser_is_told_that_a_page_is_one(s3: Any) -> None:  # noqa: ANN401 - fsspec has no types
    with closing(RemoteStore("s3://kept/x")) as store:
        store.publish(_write(store, "index.html", b"<p>"))
    assert s3.info("kept/x/index.html")["ContentType"] == "text/html"


def _rendered(jobs: list[Job], store: ResultStore, cwd: Path) -> tuple[tuple[Outcome, ...], list[Event]]:
    events: list[Event] = []
    with closing(store.publishing(open_engine("fast", slots=2, cwd=cwd, page=PAGE))) as engine:
        return render_batch(jobs, engine, on_event=events.append), events


def _jobs(store: ResultStore, folder: Path) -> list[Job]:
    jobs = [job(folder, name) for name in ("good", "raises", "Ünï {product}")]
    for each in jobs:
        object.__setattr__(each, "notebook", store.folder / "reports" / each.notebook.name)
        object.__setattr__(each, "html", store.folder / "reports" / each.html.name)
    return jobs


def test_each_report_is_published_before_its_end_is_told(store: ResultStore, tmp_path: Path) -> None:
    jobs = _jobs(store, tmp_path)
    published: dict[str, tuple[str, ...]] = {}
    with closing(store.publishing(open_engine("fast", slots=2, cwd=tmp_path, page=PAGE))) as engine:

        def look(event: Event) -> None:
            if event.outcome is not None:
                published[event.job] = store.names("reports")

        outcomes = render_batch(jobs, engine, on_event=look)
    assert [outcome.status for outcome in outcomes] == ["rendered", "failed", "rendered"]
    for each in jobs:
        assert {f"reports/{each.notebook.name}", f"reports/{each.html.name}"} <= set(published[each.name])
    assert len(store.names("reports")) == 6
    with fsspec.open(store.address(jobs[2].notebook), "rb") as file:
        assert json.loads(file.read())["metadata"]["papermill"]["parameters"] == {"product": "Ünï {product}"}


def test_a_report_that_cannot_be_uploaded_is_a_failed_line_and_the_others_go_on(
    memory: Any,  # noqa: ANN401 - fsspec has no types
    tmp_path: Path,
) -> None:
    memory.mkdirs("/kept/reports/good.html/a-folder-in-its-place")
    with closing(RemoteStore("memory://kept")) as store:
        (good, raises, other), events = _rendered(_jobs(store, tmp_path), store, tmp_path)
    assert (good.status, raises.status, other.status) == ("failed", "failed", "rendered")
    assert good.reason.startswith("memory://kept: reports/good.html cannot be uploaded: ")
    assert good.hashes == {}
    assert [event.kind for event in events if event.job == "good" and event.outcome] == ["failed"]


def test_the_private_folder_goes_and_what_is_published_stays(memory: Any) -> None:  # noqa: ANN401 - fsspec has no types
    with closing(RemoteStore("memory://kept")) as store:
        store.publish(_write(store, "index.html", b"i"))
    assert not store.folder.exists()
    assert memory.cat_file("/kept/index.html") == b"i"


@pytest.mark.parametrize("address", ["ftp://x/y", "file:///x", "https://x/y", "simplecache::s3://kept"])
def test_another_kind_of_address_is_refused_with_what_is_allowed(address: str) -> None:
    with pytest.raises(EvalkitError, match="a folder or to one of s3://, gs://, abfs://, memory://; not to"):
        RemoteStore(address)


@pytest.mark.parametrize(
    ("address", "driver", "how"),
    [
        ("s3://kept", "s3fs", r"pip install 'evalkit\[s3\]'"),
        ("gs://kept", "gcsfs", "pip install gcsfs"),
        ("abfs://kept@account.dfs.core.windows.net/x", "adlfs", "pip install adlfs"),
    ],
)
def test_a_driver_that_is_missing_is_named(
    address: str, driver: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    registry = import_module("fsspec.registry")
    monkeypatch.delitem(registry._registry, address.partition(":")[0], raising=False)  # noqa: SLF001 - drivers found before
    with pytest.raises(EvalkitError, match=rf"needs the package {driver}: {how}"):
        RemoteStore(address)


@pytest.mark.parametrize("address", ["memory://", "s3://", "s3:///"])
def test_an_address_without_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(EvalkitError, match=r"names no bucket or container; write .*://bucket/folder"):
        RemoteStore(address)


@pytest.mark.usefixtures("s3")
def test_a_bucket_that_does_not_exist_is_named() -> None:
    with (
        closing(RemoteStore("s3://no-such-bucket/x")) as store,
        pytest.raises(EvalkitError, match=r"s3://no-such-bucket/x: cannot be written: its bucket or"),
    ):
        store.begin()


@pytest.mark.usefixtures("s3")
def test_credentials_that_allow_nothing_are_named(s3_server: str) -> None:
    def needs_rights(after: str) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{s3_server}/moto-api/reset-auth", after.encode(), {"Content-Type": "text/plain"}
        )
        urllib.request.urlopen(request).close()  # noqa: S310 - our own server

    with closing(RemoteStore("s3://kept/x")) as store:
        needs_rights("0")
        try:
            with pytest.raises(EvalkitError, match=r"cannot be written: the credentials in use do not"):
                store.begin()
        finally:
            needs_rights("inf")


@pytest.mark.usefixtures("s3")
def test_without_credentials_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with (
        closing(RemoteStore("s3://kept/x")) as store,
        pytest.raises(EvalkitError, match=r"cannot be written: .*credentials"),
    ):
        store.begin()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvalkitError, match=r"file/out cannot be written: Not a directory"):
        LocalFolder(tmp_path / "file/out").begin()


def test_a_file_that_cannot_be_removed_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(EvalkitError, match=r"folder cannot be removed: Is a directory"):
        LocalFolder(tmp_path).remove("folder")
