"""The process in which an artefact is read: ``python -m evalkit.observe.child``, a request in, a result out.

It may use so much memory and time, and can write no file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.observe.limits import Limits
from evalkit.observe.looking import Request, look_into

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> None:
    """Read a request from standard input and write one line: what was found, or why nothing could be."""
    asked = json.load(sys.stdin)
    limits = Limits(**asked["limits"])
    confine(limits)
    sys.stdout.write(json.dumps(_answer(asked, limits)) + "\n")


def _answer(asked: Mapping[str, str], limits: Limits) -> dict[str, object]:
    try:
        looked = look_into(Path(asked["path"]), Request.model_validate_json(asked["request"]), limits)
    except MemoryError:
        return {"error": f"reading it takes more than {limits.memory_bytes >> 20} MiB of memory"}
    except RecursionError:
        return {"error": "it is nested too deep"}
    except EvalkitError as error:
        return {"error": str(error)}
    return {"looked": looked.model_dump(mode="json")}


def confine(limits: Limits) -> None:
    """Give up memory, time and files beyond the limits, where the system can hold a process to them."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, where only the parent's clock ends a child
    except ImportError:
        return
    for name, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds, limits.seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(name, (soft, hard))


if __name__ == "__main__":
    main()
