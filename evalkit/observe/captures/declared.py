"""What answers and control file say of a product's hosts, for the deployment of a run.

Hosts stand in two places: in the list that answers the question on hosts, per deployment, and in the control
file's ``endpoints``, per route. Placeholders stand for what the run manifest says, else for no known host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.answers import HostLists
from evalkit.model.evaluation import Option
from evalkit.model.records import state_of, statement_for
from evalkit.observe.captures.host_classes import host_class, registrable_domain
from evalkit.observe.captures.host_names import host_of_url
from evalkit.scoring.enforcement import covers
from evalkit.scoring.hosts import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.answers import Deployment, ProductAnswers
    from evalkit.model.controls import ControlFile, Endpoint
    from evalkit.model.observation import CaptureRun

HOSTS: Final = "NET-01"
"""The question whose answer lists hosts."""

VENDOR_ROUTE: Final = "vendor_direct"
"""The route on which the vendor itself runs the service."""

_OWN_PURPOSES: Final = frozenset(
    {"inference", "auth", "policy", "telemetry", "feature-flags", "control-plane", "feedback", "catalog"}
)
_PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class HostClaim:
    """One place where a host is declared.

    Attributes
    ----------
    pattern : str
        As the document has it.
    hosts : tuple of str
        Patterns that it stands for in this run.
    where : str
        File and place.
    endpoint : Endpoint or None
        Of the control file; None for the list of an answer.
    need : str
        ``listed``, ``required``, ``conditional``, ``optional`` or ``never`` on the run's route.
    """

    pattern: str
    hosts: tuple[str, ...]
    where: str
    endpoint: Endpoint | None
    need: str
    is_here: bool

    def covers(self, host: str) -> bool:
        """Whether a host is meant."""
        return any(matches(pattern, host) for pattern in self.hosts)

    @property
    def is_shared(self) -> bool:
        """Whether others than the product use the host as well."""
        return self.endpoint is not None and self.endpoint.shared_host


@dataclass(frozen=True, slots=True)
class Declarations:
    """All that is declared for one product, seen from one deployment.

    Attributes
    ----------
    deployment : Deployment or None
        None without a run: then every declaration counts as made for it.
    lists_all : bool
        Whether a list that claims to be complete, or the word that no host is needed, stands for it.
    vendor_domains : frozenset of str
        Domains of hosts that are the vendor's own.
    """

    answers: ProductAnswers
    deployment: Deployment | None
    claims: tuple[HostClaim, ...]
    lists_all: bool
    vendor_domains: frozenset[str]
    set_controls: frozenset[str]

    def of(self, host: str) -> tuple[HostClaim, ...]:
        """Return where a host is declared."""
        return tuple(claim for claim in self.claims if claim.covers(host))

    def is_silenced(self, endpoint: Endpoint) -> bool:
        """Whether what was set in the run keeps the product from an endpoint.

        An endpoint of several purposes has a control for each of them, so that all must be set.
        """
        off = [control in self.set_controls for control in endpoint.off_by]
        return any(off) if len(endpoint.purpose) == 1 else bool(off) and all(off)

    def level(self, question: str) -> int | None:
        """Return the level that answers a question; None where none stands."""
        if self.deployment is None:
            return None
        statement = statement_for(self.answers, question, self.deployment.id)
        is_level = isinstance(statement.value, int) and state_of(statement) == "answered"
        return int(statement.value) if is_level and isinstance(statement.value, int) else None


def declarations(
    answers: ProductAnswers, controls: ControlFile | None, run: CaptureRun | None
) -> Declarations:
    """Return what a product's files declare, for the deployment of a run."""
    deployment = answers.deployment(run.deployment) if run else None
    parameters = dict(run.parameters) if run else {}
    claims = (
        *_listed(answers, deployment, parameters),
        *_endpoints(answers, controls, deployment, parameters, run.os if run else ""),
    )
    own = statement_for(answers, HOSTS, deployment.id).value if deployment else None
    return Declarations(
        answers=answers,
        deployment=deployment,
        claims=claims,
        lists_all=isinstance(own, HostLists) and bool(own.documented or own.none_needed),
        vendor_domains=_vendor_domains(claims),
        set_controls=_set_controls(controls, run),
    )


def _listed(
    answers: ProductAnswers, deployment: Deployment | None, parameters: Mapping[str, str]
) -> Iterator[HostClaim]:
    answer = answers.answers.get(HOSTS)
    if answer is None:
        return
    serving = statement_for(answers, HOSTS, deployment.id) if deployment else None
    for scope, statement in (("", answer), *answer.deployments.items()):
        if isinstance(statement.value, HostLists):
            is_here = serving is None or statement is serving
            place = f"answers/{answers.product.id}.yaml {HOSTS}{f' {scope}' if scope else ''}"
            for pattern in statement.value.documented:
                yield HostClaim(pattern, expanded(pattern, parameters), place, None, "listed", is_here)


def _endpoints(
    answers: ProductAnswers,
    controls: ControlFile | None,
    deployment: Deployment | None,
    parameters: Mapping[str, str],
    system: str,
) -> Iterator[HostClaim]:
    for index, endpoint in enumerate(controls.endpoints if controls else ()):
        need, in_scope = "optional", True
        if deployment:
            need = need_on(endpoint, deployment.route)
            in_scope = covers(endpoint.deployments, Option(answers, deployment), (system.lower(),))
        place = f"controls/{answers.product.id}.yaml endpoints[{index}]"
        for pattern in endpoint.hosts:
            hosts = expanded(pattern, parameters)
            yield HostClaim(pattern, hosts, place, endpoint, need, in_scope and need != "never")


def need_on(endpoint: Endpoint, route: str) -> str:
    """Return whether an endpoint is needed on a route; what no document says is never."""
    return endpoint.required.get(route, endpoint.required.get("default", "never"))


def expanded(pattern: str, parameters: Mapping[str, str]) -> tuple[str, ...]:
    """Return the patterns that a pattern with placeholders stands for; none where nobody said.

    >>> expanded("{npm_registry}", {"npm_registry": "https://npm.acme.example/all/"})
    ('npm.acme.example',)
    >>> expanded("{npm_registry}", {}), expanded("runtime.{region}.acme.example", {})
    ((), ('runtime.*.acme.example',))
    """
    whole = _PLACEHOLDER.fullmatch(pattern)
    if whole:
        stated = parameters.get(whole[1], "")
        found = host_of_url(stated if "://" in stated else f"https://{stated}") if stated else None
        return (found[0],) if found else ()
    return (_PLACEHOLDER.sub(lambda found: parameters.get(found[1], "*"), pattern),)


def is_placeholder(pattern: str) -> bool:
    """Whether a pattern is nothing but a placeholder: it stands for a host that many products use."""
    return _PLACEHOLDER.fullmatch(pattern) is not None


def _vendor_domains(claims: tuple[HostClaim, ...]) -> frozenset[str]:
    """Return domains of hosts that the product uses, alone, where its vendor runs the service."""
    found: set[str] = set()
    for claim in claims:
        endpoint = claim.endpoint
        if endpoint is None or endpoint.shared_host or not _OWN_PURPOSES & set(endpoint.purpose):
            continue
        if need_on(endpoint, VENDOR_ROUTE) == "never":
            continue
        for host in claim.hosts:
            bare = host.removeprefix("*.")
            domain = None if "*" in bare or host_class(bare) else registrable_domain(bare)
            found |= {domain} if domain else set()
    return frozenset(found)


def _set_controls(controls: ControlFile | None, run: CaptureRun | None) -> frozenset[str]:
    """Return the controls that a run had set: by their id, or by the variable that they are."""
    stated = {switch.partition("=")[0].strip() for switch in (run.switches if run else ())}
    names = {
        control.id
        for control in (controls.controls if controls else ())
        for target in control.targets
        if target.name in stated and target.name
    }
    return frozenset(stated | names)
