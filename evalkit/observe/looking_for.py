"""Rules, claims and hosts -> needles: what exactly is looked for in one product's artefacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.observe.needles import Needle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalkit.observe.claims import Claim
    from evalkit.observe.rules import RulePack
    from evalkit.observe.rules.rule import KnownHost, Rule

ANCHOR_KEY: Final = "anchor"
"""Key of what must stand in a program that can be read."""

_LABEL: Final = "[a-z0-9-]"
_SUB_DOMAINS: Final = rf"(?:{_LABEL}{{1,63}}\.){{1,4}}"
_PART: Final = rf"{_LABEL}{{0,40}}"


def needles_of(
    pack: RulePack, product: str, claims: Sequence[Claim], domains: Iterable[str], anchors: Iterable[str]
) -> tuple[Needle, ...]:
    """Return everything that is looked for.

    A needle's key is its rule's id; after a blank, whose host it is, or which claim's literal.

    Parameters
    ----------
    product
        Whose literals are looked for; those of others are no sign of anything in its program.
    domains
        Of the vendor, for hosts that no list names.
    anchors
        What must stand in the program.
    """
    found = [
        needle for rule in pack.rules for needle in _of_rule(rule, pack, product, claims, tuple(domains))
    ]
    found += [_anchor(literal) for literal in anchors]
    return tuple(found)


def secret_keys(pack: RulePack) -> frozenset[str]:
    """Return the keys of needles whose values are secrets."""
    return frozenset(rule.id for rule in pack.rules if rule.secret)


def _anchor(literal: str) -> Needle:
    edge = "host" if "." in literal else "word"
    return Needle(f"{ANCHOR_KEY} {literal}", (literal.encode(),), edge="none" if edge == "host" else "word")


def _of_rule(
    rule: Rule, pack: RulePack, product: str, claims: Sequence[Claim], domains: tuple[str, ...]
) -> Iterator[Needle]:
    match = rule.match
    for pattern in match.patterns:
        yield Needle(
            rule.id,
            tuple(anchor.encode() for anchor in pattern.anchors),
            pattern.re2,
            near=pattern.near.encode() if pattern.near else None,
            within=pattern.within,
            group=pattern.group,
            edge=pattern.edge,
            is_open=pattern.is_open,
            but_not=pattern.but_not,
            says=pattern.value_is.encode() if pattern.value_is else None,
        )
    if match.literals is not None:
        for literal in (*match.literals.any, *match.literals.owned.get(product, ())):
            yield Needle(rule.id, (literal.encode(),), edge=match.literals.edge)
    if match.hosts is not None:
        for known in pack.hosts.classes[match.hosts]:
            yield known_host(f"{rule.id} {known.owner}", known)
    if match.vendor_hosts:
        for domain in domains:
            yield _below(rule.id, domain)
    for claim in claims:
        if claim.kind == match.claims:
            yield _of_claim(rule.id, claim)


def known_host(key: str, known: KnownHost) -> Needle:
    """Return what finds a host of the catalogue."""
    pattern = _host_pattern(known.host)
    if known.scheme:
        front = known.host.partition("*")[0]
        after_scheme = rf"://({_escaped(front)}(?:{_LABEL}{{1,63}}\.){{0,3}}[a-z]{{2,18}})"
        return Needle(key, (f"://{front}".encode(),), after_scheme, group=1, edge="host", is_open=True)
    if "*" not in known.host:
        return Needle(key, (known.host.encode(),), edge="host")
    return Needle(key, (_longest_part(known.host),), pattern, edge="host")


def _of_claim(rule_id: str, claim: Claim) -> Needle:
    key = f"{rule_id} {claim.literal}"
    if claim.kind != "host":
        return Needle(key, (claim.literal.encode(),), edge="path" if claim.kind == "path" else "word")
    if claim.literal.startswith("*."):
        # Programs put the front together: `${region}.example.com`.
        rest = claim.literal[1:]
        ended = rf"({_escaped(rest)})(?:[^a-z0-9.-]|$)"
        return Needle(key, (rest.encode(),), ended, group=1, edge="none", says=claim.literal.encode())
    return Needle(key, (claim.literal.encode(),), edge="host")


def _below(key: str, domain: str) -> Needle:
    pattern = rf"(?:://|[\"'`])({_SUB_DOMAINS}{_escaped(domain)})"
    return Needle(key, (domain.encode(),), pattern, group=1, edge="host", is_open=True)


def _host_pattern(host: str) -> str:
    front, rest = (_SUB_DOMAINS, host[2:]) if host.startswith("*.") else ("", host)
    if rest.startswith("*"):
        front = "[a-z0-9]"
    return front + _PART.join(_escaped(part) for part in rest.split("*"))


def _escaped(text: str) -> str:
    return text.replace(".", r"\.")


def _longest_part(host: str) -> bytes:
    return max(host.split("*"), key=len).encode()
