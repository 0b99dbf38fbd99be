"""Texts of captures -> names of hosts that can be compared; whatever is no name is not passed on."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from evalkit.model.secret_shapes import secret_shape_of

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST: Final = 253
_LONGEST_URL: Final = 20_000
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_LAST_PORT: Final = 65_535
_OWN: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10")
)
"""Networks that no vendor can be reached in; those of documentation, private by the book, are not here."""
HIDDEN: Final = "name-withheld.invalid"
"""Stands for a name that holds what looks like a key."""


@lru_cache(maxsize=65_536)
def host_name(text: str) -> tuple[str, bool] | None:
    """Return a host in lower-case ASCII, and whether it is an address; None if it is no host at all.

    >>> host_name("API.Example.COM."), host_name("bücher.example"), host_name("[2001:DB8::1]")
    (('api.example.com', False), ('xn--bcher-kva.example', False), ('2001:db8::1', True))
    >>> host_name("key@host"), host_name("a b"), host_name("")
    (None, None, None)
    """
    if not text or len(text) > _LONGEST:
        return None
    bare = text.strip().removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0])), True
    except ValueError:
        pass
    name = _ascii(bare.lower())
    if name is None or len(name) > _LONGEST or not all(_LABEL.fullmatch(each) for each in name.split(".")):
        return None
    # Names come in any case, and some keys are in capitals only.
    is_secret = any(secret_shape_of(each) for each in (bare, name, name.upper()))
    return (HIDDEN if is_secret else name), False


def _ascii(name: str) -> str | None:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None


@lru_cache(maxsize=65_536)
def is_own_network(host: str) -> bool:
    """Whether a host is an address of a private network or of the machine itself, or has no domain.

    >>> is_own_network("10.0.0.5"), is_own_network("203.0.113.9"), is_own_network("api.acme.example")
    (True, False, False)
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(".localhost")
    if address.is_loopback or address.is_multicast or address.is_unspecified:
        return True
    return any(address in network for network in _OWN if network.version == address.version)


def split_port(text: str) -> tuple[str, int | None]:
    """Return host and port of ``host:port``; an address of version 6 keeps its colons.

    >>> split_port("api.example.com:443"), split_port("[::1]:80"), split_port("::1")
    (('api.example.com', 443), ('[::1]', 80), ('::1', None))
    """
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        return text, None
    return (host, port_of(port)) if port.isascii() and port.isdigit() else (text, None)


@lru_cache(maxsize=65_536)
def port_of(text: str) -> int | None:
    """Return a port, or None if the text is none."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(_LAST_PORT)):
        return None
    port = int(digits)
    return port if 0 < port <= _LAST_PORT else None


def host_of_url(url: str) -> tuple[str, bool, str, int | None] | None:
    """Return host, whether it is an address, scheme and port of an address; None if it has no host.

    User name and password are split off before anything else, and path and query are not looked at.

    >>> host_of_url("https://user:pw@api.example.com/v1?key=1")
    ('api.example.com', False, 'https', 443)
    """
    try:
        parts = urlsplit(url[:_LONGEST_URL])
    except ValueError:
        return None
    authority = parts.netloc.rpartition("@")[2]
    host, port = split_port(authority)
    named = host_name(host)
    scheme = parts.scheme if parts.scheme in _PORTS else "tcp"
    return None if named is None else (*named, scheme, port or _PORTS.get(scheme))
