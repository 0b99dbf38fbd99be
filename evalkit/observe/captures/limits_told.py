"""What a capture cannot show, in plain words: it stands beside every table of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.observe.captures.capture_rows import LEAST_MINUTES, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.observation import CaptureKind
    from evalkit.observe.captures.findings import Setting
    from evalkit.observe.captures.judging import Judged

OF_ALL: Final = (
    "a contact shows that a host was spoken to, not what was sent; that a host was not seen shows nothing"
    " beyond this run"
)

OF_KIND: Final[Mapping[CaptureKind, str]] = {
    "har": "a HAR file shows HTTP that was decrypted; what pinned certificates is missing",
    "proxy-log": "a proxy's log shows what went through the proxy, and of encrypted traffic the host only",
    "host-csv": "a table of hosts shows what its export selected",
    "pcap": "packets show names asked of DNS and TLS in clear; encrypted ones and QUIC's are missing",
    "strace": "a trace shows calls of one process tree; hosts by address only, modes before the umask",
    "home-listing": "a listing shows names and modes at one moment; what was deleted again is missing",
}
"""What each form of captures leaves out."""


def limits_told(setting: Setting, judged: Judged, *, own_network: int) -> tuple[str, ...]:
    """Return why the verdicts of one capture go no further than they do."""
    return tuple(_told(setting, judged, own_network))


def _told(setting: Setting, judged: Judged, own_network: int) -> Iterator[str]:
    yield OF_KIND[setting.reading.kind]
    yield from _of_run(setting)
    if setting.declared is None:
        yield "there are no answers about the product at hand: nothing was held for or against one"
    if own_network:
        yield f"{own_network} × a contact within the own network was left out"
    yield from setting.reading.notes
    yield from (f"stopped early: {limit}" for limit in setting.reading.limits_hit)
    for rule, number in judged.dropped.items():
        yield f"{number} more observations of {rule} were left out"
    if setting.reading.network:
        yield OF_ALL


def _of_run(setting: Setting) -> Iterator[str]:
    manifest = setting.manifest
    if manifest is None:
        yield "no run manifest: what was set and done is not known; nothing is held for or against an answer"
        return
    run = manifest.run
    if setting.declared and setting.is_stale:
        stated = setting.declared.answers.product.version
        yield f"the run was of version {run.version}, the answers of {stated}: stale, so nothing was judged"
    if not run.isolated_host and not run.processes:
        yield "the machine was shared and no process is named: nothing can be laid to the agent"
    if not run.processes and any(event.process for event in setting.reading.network):
        yield "the recording names processes and the manifest none: nothing can be laid to the agent's own"
    names = any(not event.is_address for event in setting.reading.network)
    if names and not setting.has_idle:
        missing = " that the manifest names" if run.baseline else ""
        yield f"the capture of the idle machine{missing} was not given: the system's hosts may be listed"
    if setting.reading.kind == "home-listing" and setting.new_files is None:
        yield "no listing from before was given (--baseline): which files are new is not known"
    if run.intercept != "full":
        yield f"intercepted as {run.intercept}: that a host was not seen is not held for the product"
    elif manifest.minutes < LEAST_MINUTES or not manifest.steps >= STEPS:
        wanted = ", ".join(sorted(STEPS))
        yield (
            f"the run took {manifest.minutes:.0f} minutes; that a host was not seen counts"
            f" from {LEAST_MINUTES} on, with the steps {wanted} in the scenario"
        )
    if setting.reading.files and not run.documented_paths:
        yield "the manifest copies no documented_paths: files cannot be held against the vendor's list"
