"""The ``evalkit`` command: parse, call, print, exit code.

Exit codes: 0 fine, 1 findings or failures, 2 wrong usage or unreadable input, 130 after Ctrl-C.
"""

from __future__ import annotations

import sys

from evalkit.cli.app import app
from evalkit.cli.console import error, report_problems
from evalkit.errors import EvalkitError, InvalidInputError

EXIT_UNUSABLE = 2


def main() -> None:
    """Run the command line and exit with its code; no traceback reaches a user for what is no defect."""
    try:
        app(prog_name="evalkit")
    except InvalidInputError as invalid:
        report_problems(invalid.problems)
        sys.exit(EXIT_UNUSABLE)
    except EvalkitError as failure:
        error(str(failure))
        sys.exit(EXIT_UNUSABLE)
    except BrokenPipeError:
        # The reader of a pipe has gone (| head): nothing is wrong, and nothing more is to be said.
        sys.stderr.close()
        sys.exit(0)
