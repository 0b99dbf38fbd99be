"""What answers and control files name, to be looked for: keys, variables, flags, places, hosts.

Only fields that hold nothing else are read. What stands in sentences is no claim of a literal, and a word
that any program may hold (``model``, ``enabled``) is none that a program could be asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from evalkit.model.answers import HostLists
from evalkit.model.observation import ClaimMade, Excerpt
from evalkit.model.values import QuestionId, Text, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.controls import Control, ControlFile, PolicyFile, Target

ClaimKind = Literal["literal", "host", "path"]

_SHORTEST: Final = 6
_HUMPS: Final = re.compile(r"[a-z0-9](?=[A-Z])|(?<=[A-Za-z0-9])[_.-](?=[A-Za-z0-9])")
_ANYBODYS: Final = re.compile(
    r"(https?|no|all)_proxy|NODE_[A-Z_]+|SSL_CERT_[A-Z]+|REQUESTS_CA_BUNDLE|CURL_[A-Z_]+|OTEL_[A-Z_]+|opentelemetry"
    r"|(AWS|AZURE)_[A-Z_]+|GOOGLE_(CLOUD|APPLICATION|GENAI|API)_[A-Z_]+"
    r"|[A-Z]+_(API_KEY|API_BASE|BASE_URL|API_URL|AUTH_TOKEN)",
    re.IGNORECASE,
)
"""What runtimes and the libraries of clouds and model vendors obey, whatever the product does."""

_TWO_WORDS: Final = 13
_THREE_WORDS: Final = 11
_FIT: Final = re.compile(r"[A-Za-z0-9$@/_.:~-]{6,100}")
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9-]{1,63}\.){1,5}[a-z]{2,20}")
_MOST_ANSWERS: Final = 3
_OWN_PURPOSES: Final = frozenset({"inference", "auth", "policy", "control-plane"})
_LONGEST: Final = 100
_ANYBODYS_FILES: Final = frozenset(
    {"settings.json", "config.json", "config.toml", "config.yaml", "policy.json"}
)
_SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "linux": ("linux",),
    "macos": ("darwin", "macos"),
    "windows": ("win32", "windows"),
}


class Claim(Value):
    """A literal that a statement names.

    Attributes
    ----------
    answers : tuple of str
        Where it is named.
    system : str
        The operating system that it belongs to; ``""`` for all.
    """

    kind: ClaimKind
    literal: Excerpt
    answers: tuple[Text, ...]
    questions: tuple[QuestionId, ...]
    system: str = ""

    @property
    def made(self) -> ClaimMade:
        """The claim as records show it."""
        return ClaimMade(
            answer="; ".join(self.answers[:_MOST_ANSWERS]), literal=self.literal, type="existence"
        )

    def is_for(self, platform: str) -> bool:
        """Whether an artefact for a platform can be asked for it; one for no platform is for all."""
        names = _SYSTEMS.get(self.system, ())
        return not names or not platform or any(name in platform for name in names)


def claims_about(
    answers: ProductAnswers | None,
    controls: ControlFile | None,
    questions_of: Mapping[str, tuple[str, ...]],
) -> tuple[Claim, ...]:
    """Return what the answers and controls of a product name, by kind and literal, each once.

    Parameters
    ----------
    questions_of
        The questions of each condition of the catalogue.
    """
    found = [
        *(() if controls is None else _of_controls(controls, questions_of)),
        *_of_answers(answers, controls),
    ]
    merged: dict[tuple[str, str], Claim] = {}
    for claim in found:
        before = merged.setdefault((claim.kind, claim.literal), claim)
        if before is not claim:
            merged[claim.kind, claim.literal] = before.model_copy(
                update={
                    "answers": _union(before.answers, claim.answers),
                    "questions": tuple(sorted({*before.questions, *claim.questions})),
                    "system": before.system if before.system == claim.system else "",
                }
            )
    return tuple(merged[key] for key in sorted(merged))


def vendor_domains(controls: ControlFile | None, clouds: Iterable[str]) -> tuple[str, ...]:
    """Return the registrable domains of the product's own hosts: no cloud's, none that others share."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - an extra

    suffixes = PublicSuffixList(accept_unknown=False)
    domains = {suffixes.privatesuffix(host) for host in own_hosts(controls)}
    foreign = set(clouds) | {
        suffixes.privatesuffix(host.removeprefix("*."))
        for endpoint in (controls.endpoints if controls else ())
        if endpoint.shared_host
        for host in endpoint.hosts
    }
    return tuple(sorted(domain for domain in domains - foreign if domain))


def own_hosts(controls: ControlFile | None) -> tuple[str, ...]:
    """Return the hosts that a program of this product must name, if its program can be read at all."""
    if controls is None:
        return ()
    return tuple(
        sorted(
            {
                host.removeprefix("*.")
                for endpoint in controls.endpoints
                if not endpoint.shared_host and _OWN_PURPOSES & set(endpoint.purpose)
                for host in endpoint.hosts
                if _HOST.fullmatch(host)
            }
        )
    )


def declared_hosts(answers: ProductAnswers | None, controls: ControlFile | None) -> tuple[str, ...]:
    """Return all hosts and patterns that lists about a product name."""
    hosts = {host for _, _, lists in _host_lists(answers) for host in lists.documented}
    hosts |= {host for endpoint in (controls.endpoints if controls else ()) for host in endpoint.hosts}
    return tuple(sorted(hosts))


def is_specific(word: str) -> bool:
    """Whether a word is one product's own, so that finding it says something.

    Two short words joined (``apiUrl``, ``auto-test``) stand in many programs; capitals with a line between
    are variables, which nobody shares by chance.

    >>> [is_specific(word) for word in ("model", "enabled", "apiBaseUrl", "NODE_EXTRA_CA_CERTS", "telemetry")]
    [False, False, False, False, False]
    >>> [is_specific(word) for word in ("DISABLE_TELEMETRY", "usageStatisticsEnabled", "check_for_update")]
    [True, True, True]
    """
    if not _FIT.fullmatch(word) or _ANYBODYS.fullmatch(word):
        return False
    words = len(_HUMPS.findall(word)) + 1
    if "_" in word and word.upper() == word:
        return True
    if words == 1:
        return False
    return len(word) >= (_TWO_WORDS if words == 2 else _THREE_WORDS)  # noqa: PLR2004 - as said


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))[:_MOST_ANSWERS]


def _of_controls(controls: ControlFile, questions_of: Mapping[str, tuple[str, ...]]) -> Iterator[Claim]:
    where = f"controls/{controls.product}.yaml"
    for control in controls.controls:
        questions = _questions(control, questions_of)
        for target in control.targets:
            for literal in _literals(target):
                yield Claim(
                    kind="literal", literal=literal, answers=(f"{where} {control.id}",), questions=questions
                )
    for name, file in controls.files.items():
        yield from _paths(file, f"{where} files.{name}")
    for endpoint in controls.endpoints:
        if not endpoint.shared_host:
            for host in endpoint.hosts:
                yield from _host(host, f"{where} endpoints", ("NET-01",))


def _questions(control: Control, questions_of: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    stated = set(control.questions) or {
        question for condition in control.conditions for question in questions_of.get(condition, ())
    }
    return tuple(sorted(stated))


def _literals(target: Target) -> Iterator[str]:
    if target.name is not None and is_specific(target.name):
        yield target.name
    if target.flag is not None and is_specific(flag := target.flag.split("=")[0].split(" ")[0].lstrip("-")):
        yield flag
    if target.key:
        yield from _last_specific(target.key)
    for word in (target.command or "").split():
        if not word.startswith("-") and "=" not in word and is_specific(word) and "{" not in word:
            yield word
            return


def _last_specific(key: tuple[str, ...]) -> Iterator[str]:
    for segment in reversed(key[-2:]):
        if is_specific(segment):
            yield segment
            return


def _paths(file: PolicyFile, where: str) -> Iterator[Claim]:
    for system, path in sorted(file.path.items()):
        if not path.startswith("/") or "{" in path:
            continue  # ~ and %NAME% stand for folders that programs put together themselves
        folder, _, name = path.rpartition("/")
        found = [folder] if folder.count("/") > 1 and _SHORTEST <= len(folder) <= _LONGEST else []
        if is_specific(name) and name not in _ANYBODYS_FILES and "evalkit" not in name:
            found.append(name)
        for literal in found:
            yield Claim(kind="path", literal=literal, answers=(where,), questions=(), system=system)


def _of_answers(answers: ProductAnswers | None, controls: ControlFile | None) -> Iterator[Claim]:
    shared = {
        host
        for endpoint in (controls.endpoints if controls else ())
        if endpoint.shared_host
        for host in endpoint.hosts
    }
    for question, where, lists in _host_lists(answers):
        for host in lists.documented:
            if host not in shared:
                yield from _host(host, where, (question,))


def _host_lists(answers: ProductAnswers | None) -> Iterator[tuple[str, str, HostLists]]:
    if answers is None:
        return
    for question, answer in sorted(answers.answers.items()):
        for statement in (answer, *answer.deployments.values()):
            if isinstance(statement.value, HostLists):
                yield question, f"answers/{answers.product.id}.yaml {question}", statement.value


def _host(host: str, where: str, questions: tuple[str, ...]) -> Iterator[Claim]:
    if _HOST.fullmatch(host):
        yield Claim(kind="host", literal=host, answers=(where,), questions=questions)
