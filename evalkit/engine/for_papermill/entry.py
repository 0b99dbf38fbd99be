"""The fast engine for every user of papermill: ``papermill --engine evalkit in.ipynb out.ipynb``.

papermill loads this module whenever it is imported, while it is itself half imported: so nothing is imported
here before it is needed, least of all papermill.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class FastEngine:
    """What papermill asks of an engine; its work is done in :mod:`evalkit.engine.for_papermill.engine`."""

    @staticmethod
    def execute_notebook(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - papermill ships no types
        """Run a notebook that papermill has prepared, and return it."""
        module = import_module("evalkit.engine.for_papermill.engine")
        return module.ForkingEngine.execute_notebook(*args, **kwargs)

    @staticmethod
    def nb_kernel_name(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - papermill ships no types
        """Return the name of a notebook's kernel."""
        return import_module("papermill.utils").nb_kernel_name(*args, **kwargs)

    @staticmethod
    def nb_language(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - papermill ships no types
        """Return the language of a notebook."""
        return import_module("papermill.utils").nb_language(*args, **kwargs)
