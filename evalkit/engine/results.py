"""Where results go: a folder of this machine, or an object store that gets each report once it is made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from evalkit.engine.events import Event
from evalkit.engine.legible import first_line
from evalkit.engine.worksite import private_folder
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from evalkit.engine.batch import Engine
    from evalkit.engine.job import Job, Outcome

_DRIVERS: Final = {"s3": "s3fs", "gs": "gcsfs", "abfs": "adlfs", "memory": "fsspec"}
"""Object stores, which show an object whole or not at all, and the package that speaks with each."""

_INSTALL: Final = {"s3fs": "pip install 'evalkit[s3]'"}
_UPLOADS: Final = 4
"""At the same time, beside the engine."""

_PROBE: Final = ".evalkit-writable"


class ResultStore(Protocol):
    """Where results go.

    Attributes
    ----------
    folder : Path
        Where they are written first; what is written here is not published yet.
    """

    folder: Path

    def begin(self) -> None:
        """Try whether results can be published at all; ``EvalkitError`` if not, with what to do."""

    def address(self, path: Path) -> str:
        """Return what people open to see the file ``path`` of the folder."""

    def publish(self, *paths: Path) -> None:
        """Show files of the folder, each whole or not at all; ``EvalkitError`` if that fails."""

    def publishing(self, engine: Engine) -> Engine:
        """Return the engine as one that publishes each report before it says that it has ended."""

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return what is published directly in a folder: paths below the store, with ``/``, sorted."""

    def remove(self, name: str) -> None:
        """Take back what is published under a name; ``EvalkitError`` if that fails."""

    def close(self) -> None:
        """Remove what was only written on the way."""


def is_address(where: str) -> bool:
    """Whether results go to an object store, not to a folder.

    >>> is_address("s3://bucket/reports"), is_address("out/{x}")
    (True, False)
    """
    return "://" in where


class LocalFolder:
    """A folder of this machine; what is written in it is published by that.

    Parameters
    ----------
    folder
        Made by :meth:`begin` where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> None:
        """Make the folder, and try to write in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / _PROBE
            probe.touch()
            probe.unlink(missing_ok=True)  # by another run at the same time
        except OSError as error:
            raise EvalkitError(f"{self.folder} cannot be written: {error.strerror}") from error

    def address(self, path: Path) -> str:
        """Return the path."""
        return str(path)

    def publish(self, *paths: Path) -> None:
        """Do nothing: they are here."""

    def publishing(self, engine: Engine) -> Engine:
        """Return the engine itself: it writes in place."""
        return engine

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the files of the folder, or of one below it."""
        place = self.folder / folder
        files = place.iterdir() if place.is_dir() else ()
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in files if path.is_file()))

    def remove(self, name: str) -> None:
        """Remove a file; it may be gone already."""
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise EvalkitError(f"{self.folder / name} cannot be removed: {error.strerror}") from error

    def close(self) -> None:
        """Do nothing: they stay."""


class RemoteStore:
    """An object store, reached by fsspec; files are written into a private folder of this machine first.

    Credentials, regions and endpoints come from where the store's driver looks for them, for example
    ``AWS_PROFILE`` or ``AWS_ENDPOINT_URL``; never from the address.

    Parameters
    ----------
    address
        For example ``s3://bucket/reports``: ``s3``, ``gs``, ``abfs`` or, for trials within one process,
        ``memory``.

    Raises
    ------
    EvalkitError
        If the address is of another kind, names no bucket, or its driver is not installed.
    """

    def __init__(self, address: str) -> None:
        self._files, self._base = _reached(address)
        self._address = address.rstrip("/")
        self._stack = ExitStack()
        self.folder = self._stack.enter_context(private_folder())

    def begin(self) -> None:
        """Write a small object, and remove it where that is allowed."""
        probe = f"{self._base}/{_PROBE}"
        with self._saying("cannot be written"):
            self._files.pipe_file(probe, b"")
        with suppress(Exception):  # who may write may not be allowed to remove: it is empty
            self._files.rm_file(probe)

    def address(self, path: Path) -> str:
        """Return the object's address."""
        return f"{self._address}/{self._name(path)}"

    def publish(self, *paths: Path) -> None:
        """Upload files, each as one object."""
        for path in paths:
            with self._saying(f"{self._name(path)} cannot be uploaded"):
                self._files.put_file(str(path), f"{self._base}/{self._name(path)}")

    def publishing(self, engine: Engine) -> Engine:
        """Return the engine as one that uploads each report before it says that it has ended."""
        return _PublishingEngine(engine, self)

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the objects directly in a folder."""
        place = f"{self._base}/{folder}".rstrip("/")
        found: list[dict[str, Any]] = []
        with self._saying("cannot be listed"), suppress(FileNotFoundError):
            self._files.invalidate_cache()
            found = self._files.ls(place, detail=True)
        paths = (entry["name"] for entry in found if entry["type"] == "file")
        return tuple(sorted(path.removeprefix(f"{self._base}/") for path in paths if path != place))

    def remove(self, name: str) -> None:
        """Remove an object; it may be gone already."""
        with self._saying(f"{name} cannot be removed"), suppress(FileNotFoundError):
            self._files.rm_file(f"{self._base}/{name}")

    def close(self) -> None:
        """Remove the private folder."""
        self._stack.close()

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    @contextmanager
    def _saying(self, what: str) -> Iterator[None]:
        """Say what could not be done, whatever is raised: each driver raises errors of its own library."""
        try:
            yield
        except Exception as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: Exception) -> EvalkitError:
        said = first_line(str(error)) or type(error).__name__
        match error:
            case FileNotFoundError():
                why = "its bucket or container does not exist; make it first"
            case PermissionError():
                why = f"the credentials in use do not allow it ({said})"
            case _:
                why = said
        return EvalkitError(f"{self._address}: {what}: {why}")


def _reached(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path in it."""
    protocol = address.partition("://")[0]
    if protocol not in _DRIVERS:
        allowed = ", ".join(f"{name}://" for name in _DRIVERS)
        raise EvalkitError(f"{address}: results go to a folder or to one of {allowed}; not to {protocol}://")
    try:
        files, base = import_module("fsspec.core").url_to_fs(address)  # here: it takes 80 ms to import
    except ImportError as error:
        driver = _DRIVERS[protocol]
        how = _INSTALL.get(driver, f"pip install {driver}")
        raise EvalkitError(f"{protocol}:// needs the package {driver}: {how}") from error
    except Exception as error:
        raise EvalkitError(f"{address}: cannot be reached: {first_line(str(error))}") from error
    if not base.strip("/"):
        raise EvalkitError(f"{address}: names no bucket or container; write {protocol}://bucket/folder")
    return files, str(base).rstrip("/")


class _PublishingEngine:
    """An engine whose reports are published, some at a time, while it goes on."""

    def __init__(self, engine: Engine, store: ResultStore) -> None:
        self.name = engine.name
        self._engine, self._store = engine, store

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens; closing the generator ends what runs."""
        known = {job.name: job for job in jobs}
        pool = ThreadPoolExecutor(_UPLOADS)
        uploads: list[Future[Event]] = []
        try:
            with closing(self._engine.run(jobs)) as events:
                for event in events:
                    if event.outcome is not None and event.outcome.hashes and event.kind != "unchanged":
                        uploads.append(pool.submit(self._published, known[event.job], event.outcome))
                    else:
                        yield event
                    done = [upload for upload in uploads if upload.done()]
                    uploads = [upload for upload in uploads if upload not in done]
                    yield from (upload.result() for upload in done)
            yield from (upload.result() for upload in uploads)
        finally:
            pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End what the engine keeps ready between runs."""
        self._engine.close()

    def _published(self, job: Job, outcome: Outcome) -> Event:
        try:
            self._store.publish(job.html, job.notebook)
        except EvalkitError as error:
            said = "; ".join(filter(None, (outcome.reason, str(error))))
            outcome = replace(outcome, status="failed", reason=said, hashes={})
        return Event.of(outcome)
