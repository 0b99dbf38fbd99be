"""The way to a cluster, for a process that may lack what it takes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.engine.cluster.site import Site
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.engine.batch import Engine
    from evalkit.engine.choice import EngineName

_NEEDED = ("distributed", "dask")


def open_cluster(  # noqa: PLR0913 - all are keywords
    scheduler: str,
    *,
    engine: EngineName = "fast",
    cwd: Path,
    page: str,
    prepare: str = "",
    prepare_with: Mapping[str, Any] | None = None,
    shared_storage: bool = False,
) -> Engine:
    """Return an engine that has a dask cluster run notebooks; close it after use.

    Whoever may use the scheduler runs code on its workers: it belongs in a closed network, or behind ``tls://``
    (dask's own configuration holds the certificates).

    Parameters
    ----------
    scheduler
        Its address, for example ``tcp://10.0.0.5:8786``.
    engine
        What runs notebooks on a worker; see :func:`~evalkit.engine.choice.open_engine`, as for ``page``,
        ``prepare`` and ``prepare_with``.
    cwd
        The folder that cells run in; each worker must have it at the same place with the same files, and the
        templates of the jobs, too.
    shared_storage
        Whether the workers write reports in place, into folders that they share with this machine. If not,
        reports come back with their outcomes and are written here.

    Raises
    ------
    EvalkitError
        If dask is not installed, the scheduler does not answer, or a worker lacks what reports need.
    """
    try:
        module = import_module("evalkit.engine.cluster.engine")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _NEEDED:
            raise
        raise EvalkitError(
            f"a dask cluster needs the package {error.name}: pip install 'evalkit[cluster]', here and on the"
            " machines of the cluster"
        ) from error
    site = Site.here(engine, cwd.absolute(), page, prepare, prepare_with or {})
    opened: Engine = module.ClusterEngine(scheduler, site, in_place=shared_storage)
    return opened
