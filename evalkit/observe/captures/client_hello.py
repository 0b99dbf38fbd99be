"""The first message of a TLS connection: which server name it asks for.

References
----------
RFC 8446, section 4.1.2 (ClientHello); RFC 6066, section 3 (server name); RFC 9849 (encrypted ClientHello).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 65_536
_HANDSHAKE: Final = 22
_CLIENT_HELLO: Final = 1
_SERVER_NAME: Final = 0
_ENCRYPTED_HELLO: Final = 0xFE0D
_RECORD_HEADER: Final = 5
_MESSAGE_HEADER: Final = 4
_FIXED: Final = 2 + 32
_MAJOR: Final = 3


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client asks for in clear.

    Attributes
    ----------
    server_name : str
        As sent, or empty.
    is_encrypted : bool
        Whether an encrypted part may name another server.
    """

    server_name: str
    is_encrypted: bool


def may_begin(data: bytes) -> bool:
    """Whether a stream may begin with a ClientHello."""
    return len(data) > 1 and data[0] == _HANDSHAKE and data[1] == _MAJOR


def client_hello(data: bytes) -> ClientHello | None:
    """Return what the beginning of a stream asks for; None while it is not complete.

    Raises
    ------
    ValueError
        If it is no ClientHello.
    """
    message = _handshake(data)
    if len(message) < _MESSAGE_HEADER:
        return None
    if message[0] != _CLIENT_HELLO:
        raise ValueError("no ClientHello")
    length = int.from_bytes(message[1:4])
    if length > MAX_BYTES:
        raise ValueError("a ClientHello of that length is none")
    body = message[_MESSAGE_HEADER : _MESSAGE_HEADER + length]
    return _parsed(body) if len(body) == length else None


def _handshake(data: bytes) -> bytes:
    """Return the handshake bytes of the records so far; a message may be split over several."""
    found, at = b"", 0
    while at + _RECORD_HEADER <= len(data):
        if data[at] != _HANDSHAKE or data[at + 1] != _MAJOR:
            break
        end = at + _RECORD_HEADER + int.from_bytes(data[at + 3 : at + _RECORD_HEADER])
        found += data[at + _RECORD_HEADER : end]
        at = end
    return found


def _parsed(body: bytes) -> ClientHello:
    rest = _without_vector(body[_FIXED:], 1)  # session id
    rest = _without_vector(rest, 2)  # cipher suites
    rest = _without_vector(rest, 1)  # compression methods
    extensions, name, is_encrypted = _vector(rest, 2)[0] if rest else b"", "", False
    while extensions:
        kind = int.from_bytes(extensions[:2])
        content, extensions = _vector(extensions[2:], 2)
        is_encrypted = is_encrypted or kind == _ENCRYPTED_HELLO
        if kind == _SERVER_NAME and not name:
            entry = _vector(content, 2)[0]
            # 1 byte for the kind of name; only host names exist.
            name = _vector(entry[1:], 2)[0].decode("ascii", "replace") if entry[:1] == b"\0" else ""
    return ClientHello(name, is_encrypted)


def _vector(data: bytes, width: int) -> tuple[bytes, bytes]:
    """Return what a length of ``width`` bytes announces, and what follows it."""
    length = int.from_bytes(data[:width])
    if len(data) < width + length:
        raise ValueError("a part of the ClientHello is longer than its message")
    return data[width : width + length], data[width + length :]


def _without_vector(data: bytes, width: int) -> bytes:
    return _vector(data, width)[1]
