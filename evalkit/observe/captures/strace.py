"""Calls of a process tree as strace prints them: which files, which programs, which addresses.

Of arguments only paths and addresses are taken. Paths are given in octal escapes, relative ones need a folder
that strace names only with ``-y``, and a call may be cut in two lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import FileEvent, NetworkEvent, Reading, Tally
from evalkit.observe.captures.host_csv import process_name
from evalkit.observe.captures.host_names import host_name, port_of
from evalkit.observe.captures.local_paths import local_path
from evalkit.observe.captures.moments import moment
from evalkit.observe.captures.text_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.observe.captures.events import FileOperation, Outcome

_LINE: Final = re.compile(
    r"(?:\[pid +(?P<bracketed>\d{1,10})\] +|(?P<pid>\d{1,10}) +)?"
    r"(?:(?P<at>\d[0-9:.]{5,25}) +)?(?P<call>[<+\-a-z_].*)"
)
_CALL: Final = re.compile(r"(?P<name>[a-z_][a-z0-9_]{1,31})\((?P<arguments>.*)")
_RESUMED: Final = re.compile(r"<\.\.\. (?P<name>[a-z_][a-z0-9_]{1,31}) resumed>(?P<rest>.*)")
_RESULT: Final = re.compile(
    r"\) *= (?P<result>-?\d{1,10}|0x[0-9a-f]{1,16}|\?)(?:<[^\"]{0,4096}>)?(?: [^=\"]*)?$"
)
_UNFINISHED: Final = "<unfinished ...>"
_PATH: Final = r"\"(?P<path>(?:[^\"\\]|\\.){0,8192})\"(?P<path_cut>\.\.\.)?"
_OLD_PATH: Final = r"\"(?:[^\"\\]|\\.){0,8192}\"(?:\.\.\.)?"
_OPEN_FOLDER: Final = r"(?:AT_FDCWD|-?\d{1,10})"
_FOLDER: Final = _OPEN_FOLDER + r"(?:<(?P<folder>[^>]{0,4096})>)?"
_OLD_FOLDER: Final = _OPEN_FOLDER + r"(?:<[^>]{0,4096}>)?"
_HOW: Final = r", (?:\{flags=)?(?P<flags>[A-Z_|0-9x]+)(?:, (?:mode=)?(?P<mode>0[0-7]*))?"
_OPENAT: Final = re.compile(f"{_FOLDER}, {_PATH}{_HOW}")
_OPEN: Final = re.compile(f"{_PATH}{_HOW}")
_CREAT: Final = re.compile(f"{_PATH}(?:, (?P<mode>0[0-7]*))?")
_RENAMEAT: Final = re.compile(f"{_OLD_FOLDER}, {_OLD_PATH}, {_FOLDER}, {_PATH}")
_RENAME: Final = re.compile(f"{_OLD_PATH}, {_PATH}")
_EXECVE: Final = re.compile(_PATH)
_ADDRESS: Final = re.compile(
    r"sa_family=AF_INET6?,.{0,80}?htons\((?P<port>\d{1,5})\).{0,80}?"
    r"inet_(?:addr\(\"|pton\(AF_INET6?, \")(?P<address>[0-9a-fA-F:.]{2,45})\""
)
_WRITING: Final = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND")
_NO_FILES: Final = ("/dev/", "/proc/", "/sys/", "/run/", "pipe:", "socket:", "anon_inode:")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", '"': '"', "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\([0-7]{1,3}|x[0-9a-fA-F]{2}|.)")
_FORKS: Final = frozenset({"clone", "clone3", "fork", "vfork"})
_MOST_PENDING: Final = 10_000
UNRESOLVED: Final = "a path relative to an open folder, or cut off, could not be resolved"


def read(file: BinaryIO) -> Reading:
    """Return files, programs and addresses of a trace.

    Raises
    ------
    EvalkitError
        If no line is one of strace.
    """
    lines, trace = Lines(file), _Trace()
    for number, line in lines:
        if line.strip():
            trace.see(number, line)
    trace.finish()
    if not trace.calls and trace.tally.counts:
        raise EvalkitError("no line is a call as strace prints it")
    notes, hit = trace.tally.notes(), tuple(lines.limits_hit)
    return Reading("strace", lines.rows, tuple(trace.network), tuple(trace.files), notes, hit)


def recognised(line: str) -> bool:
    """Whether a line is one of strace."""
    found = _LINE.fullmatch(line)
    return found is not None and _CALL.match(found["call"]) is not None and ("(" in line)


@dataclass(slots=True)
class _Call:
    """One call, as far as it was printed."""

    number: int
    pid: str
    at: float | None
    name: str
    text: str

    def outcome(self) -> Outcome:
        found = _RESULT.search(self.text)
        if found is None or found["result"] == "?":
            return "unknown"
        return "failed" if found["result"].startswith("-") else "ok"


@dataclass(slots=True)
class _Trace:
    """What was seen so far, and which program runs under which process number."""

    network: list[NetworkEvent] = field(default_factory=list)
    files: list[FileEvent] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    programs: dict[str, str | None] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    pending: dict[str, _Call] = field(default_factory=dict)
    calls: int = 0
    root: str | None = None

    def see(self, number: int, line: str) -> None:
        found = _LINE.fullmatch(line)
        call = found["call"] if found else ""
        pid = (found["bracketed"] or found["pid"] or "") if found else ""
        if found and (resumed := _RESUMED.match(call)):
            begun = self.pending.pop(pid, None)
            if begun and begun.name == resumed["name"]:
                begun.text += resumed["rest"]
                self.take(begun)
        elif found and (named := _CALL.match(call)):
            self.calls += 1
            if self.root is None:
                self.root = pid
            this = _Call(number, pid, moment(found["at"] or ""), named["name"], named["arguments"])
            if this.text.endswith(_UNFINISHED) and len(self.pending) < _MOST_PENDING:
                this.text = this.text.removesuffix(_UNFINISHED).rstrip()
                self.pending[pid] = this
            else:
                self.take(this)
        elif not call.startswith(("+++", "---")):
            self.tally.add("a line that is no call was passed over")

    def finish(self) -> None:
        """Take the calls of which the end was never printed."""
        for call in sorted(self.pending.values(), key=lambda begun: begun.number):
            self.take(call)
        self.pending.clear()

    def take(self, call: _Call) -> None:
        if call.name in _FORKS:
            found = _RESULT.search(call.text)
            if found and found["result"].isdigit():
                self.programs[found["result"]] = self.programs.get(call.pid)
                if not self._is_agent(call.pid):
                    self.started.add(found["result"])
        elif (handle := _CALLS.get(call.name)) is not None:
            handle(self, call)

    def file(self, call: _Call, found: re.Match[str] | None, operation: FileOperation) -> None:
        if found is None:
            self.tally.add(UNRESOLVED)
            return
        parts = found.groupdict()
        path = _absolute(_text(parts["path"] or ""), parts.get("folder"))
        if path is None or parts.get("path_cut"):
            self.tally.add(UNRESOLVED)
        elif not path.startswith(_NO_FILES):
            local = local_path(path)
            mode = int(parts["mode"], 8) if parts.get("mode") else None
            self.files.append(
                FileEvent(
                    call.number,
                    operation,
                    local.shown,
                    mode,
                    is_credential=local.is_credential,
                    is_private=local.is_private,
                    process=self.programs.get(call.pid),
                    is_agent=self._is_agent(call.pid),
                    outcome=call.outcome(),
                )
            )

    def _is_agent(self, pid: str) -> bool:
        """Whether a process runs the traced program: the first one, or one forked from it as it is."""
        return pid == self.root or pid not in self.started


def _absolute(path: str, folder: str | None) -> str | None:
    if path.startswith("/"):
        return path
    named = _text(folder) if folder else ""
    return f"{named}/{path}" if named.startswith("/") else None


def _text(escaped: str) -> str:
    """Return text whose bytes strace printed as escapes."""
    if "\\" not in escaped:
        return escaped
    raw = _ESCAPE.sub(lambda found: _char(found[1]), escaped)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


def _char(code: str) -> str:
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF)
    return chr(int(code[1:], 16)) if code[0] == "x" and len(code) > 1 else _ESCAPES.get(code, code)


def _opened(pattern: re.Pattern[str]) -> Callable[[_Trace, _Call], None]:
    def take(trace: _Trace, call: _Call) -> None:
        found = pattern.match(call.text)
        flags = found["flags"] if found else ""
        if "O_DIRECTORY" not in flags:
            is_write = any(flag in flags for flag in _WRITING)
            trace.file(call, found, "write" if is_write else "read")

    return take


def _written(pattern: re.Pattern[str]) -> Callable[[_Trace, _Call], None]:
    return lambda trace, call: trace.file(call, pattern.match(call.text), "write")


def _executed(trace: _Trace, call: _Call) -> None:
    if call.outcome() == "failed":
        return  # a shell tries every folder of its path
    found = _EXECVE.match(call.text)
    trace.programs[call.pid] = process_name(_text(found["path"])) if found else None
    if call.pid != trace.root:
        trace.started.add(call.pid)
    if trace.calls > 1:  # the first one starts the product itself
        trace.file(call, found, "execute")


def _connected(trace: _Trace, call: _Call) -> None:
    found = _ADDRESS.search(call.text)
    named = host_name(found["address"]) if found else None
    if found and named:
        port = port_of(found["port"])
        process = trace.programs.get(call.pid)
        trace.network.append(NetworkEvent(call.number, call.at, *named, "tcp", port, process=process))


_CALLS: Final[Mapping[str, Callable[[_Trace, _Call], None]]] = {
    "openat": _opened(_OPENAT),
    "openat2": _opened(_OPENAT),
    "open": _opened(_OPEN),
    "creat": _written(_CREAT),
    "rename": _written(_RENAME),
    "renameat": _written(_RENAMEAT),
    "renameat2": _written(_RENAMEAT),
    "execve": _executed,
    "connect": _connected,
}
"""Calls that are looked at."""
