"""What falls due as an iCalendar file (RFC 5545): an all-day event for each thing to do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from evalkit.errors import EvalkitError
from evalkit.views.due import due_rows
from evalkit.views.safe_text import plain, safe_url

if TYPE_CHECKING:
    from icalendar import Alarm, Event

    from evalkit.model.due import Due, DueList
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.due import DueRow

_NAMESPACE: Final = UUID("6f8d0c0e-6c3c-5f0b-9a53-3a6e1b7d2f41")
"""Of the ids of all events; another one would make every event of every calendar a new one."""

_REMIND: Final = timedelta(days=-14)
_PRODUCER: Final = "-//evalkit//due//EN"


def calendar(inputs: EvaluationInputs, found: DueList) -> str:
    r"""Return a calendar of what falls due and matters; lines end in ``\r\n``.

    An event lies on the last day on which something holds. Its id is made of what it is about and of that
    day, so that a calendar read again replaces it. The evaluation's day is when it was written; the same
    inputs give the same text. What would change a verdict or a gate reminds two weeks before.

    Raises
    ------
    EvalkitError
        If icalendar is not installed.
    """
    try:
        from icalendar import Calendar  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EvalkitError("calendars need icalendar: pip install 'evalkit[exchange]'") from error
    made = Calendar()
    made.add("prodid", _PRODUCER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", plain(f"Due: {inputs.evaluation.title}"))
    dues = [due for due in found.dues if due.matters]
    for row in due_rows(inputs, dues, found.on):
        made.add_component(_event(inputs, row))
    raw: bytes = made.to_ical()
    return raw.decode()


def _event(inputs: EvaluationInputs, row: DueRow) -> Event:
    from icalendar import Event  # noqa: PLC0415 - an extra

    due, event = row.due, Event()
    event.add("uid", f"{_id(inputs.evaluation.id, due)}@evalkit")
    event.add("dtstamp", datetime.combine(inputs.evaluation.as_of, time(), UTC))
    event.add("dtstart", due.day)
    event.add("summary", plain(": ".join(filter(None, (row.product, row.task)))))
    event.add("description", "\n".join(map(plain, _lines(row))))
    event.add("categories", [due.kind])
    event.add("transp", "TRANSPARENT")
    if (url := safe_url(row.url)) is not None:
        event.add("url", url)
    if not due.is_past and (due.effect.turns or due.effect.gates):
        event.add_component(_reminder(row))
    return event


def _id(evaluation: str, due: Due) -> UUID:
    parts: tuple[str, ...] = (evaluation, due.kind, due.product, due.subject)
    if due.kind != "release":  # a test of another version is stale on every day
        parts = (*parts, due.day.isoformat())
    if due.kind in ("waiver", "condition"):  # which options cite a source makes no other task of it
        parts = (*parts, *due.options, due.who, due.text)
    return uuid5(_NAMESPACE, "\n".join(parts))


def _reminder(row: DueRow) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415 - an extra

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", _REMIND)
    alarm.add("description", plain(row.task))
    return alarm


def _lines(row: DueRow) -> list[str]:
    due = row.due
    lines = [
        f"Last day: {due.day}" if due.kind != "release" else "",
        f"Who: {due.who}" if due.who else "",
        f"Why: {due.text}" if due.kind == "waiver" else "",
        f"Questions: {', '.join(row.about)}" if row.about else "",
        f"Options: {', '.join(due.options)}" if due.options else "",
    ]
    lines += [f"{'Took away' if due.is_past else 'If not renewed'}: {text}" for text in row.effects]
    return [line for line in lines if line]
