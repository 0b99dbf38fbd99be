"""One whole page and one of a failed report."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Batch, job, rendered


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("pages")
    jobs = [
        job(folder, "good", title="A </title><script>x</script> \u202eB"),
        job(folder, "raises"),
        job(folder, "unknown", {"prodcut": "x"}),
    ]
    outcomes = rendered(jobs, folder)
    return Batch("fast", folder, {j.name: j for j in jobs}, {o.name: o for o in outcomes}, ())
