"""The ``evalkit`` command: parse, call, print, exit code.

Exit codes: 0 fine, 1 findings or failures, 2 wrong usage or unreadable input, 130 after Ctrl-C.
"""

from __future__ import annotations

import sys

from evalkit.cli.board_command import board
from evalkit.cli.capture import capture
from evalkit.cli.console import error, report_problems
from evalkit.cli.decisions_app import app
from evalkit.cli.diff import diff
from evalkit.cli.drift import drift
from evalkit.cli.due import due
from evalkit.cli.exchange_commands import receive, send
from evalkit.cli.export_command import export
from evalkit.cli.frameworks import frameworks
from evalkit.cli.harden import harden
from evalkit.cli.import_command import import_
from evalkit.cli.inspect_command import inspect
from evalkit.cli.migrate import migrate
from evalkit.cli.observations import observations
from evalkit.cli.present import present
from evalkit.errors import EvalkitError, InvalidInputError

EXIT_UNUSABLE = 2

app.command()(board)
app.command()(capture)
app.command()(diff)
app.command()(drift)
app.command()(migrate)
app.command()(due)
app.command()(export)
app.command("import")(import_)
app.command()(inspect)
app.command()(frameworks)
app.command()(harden)
app.command()(observations)
app.command()(present)
app.command()(receive)
app.command()(send)


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
