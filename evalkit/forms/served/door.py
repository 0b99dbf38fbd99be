"""Who is let in: whoever has the token, from a page of this server, under a name of this machine.

Voilà and jupyter-server check pages and kernels, but serve static files to anybody and accept every name.
Here everything goes through one door, before it is looked at any further.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import split_host_and_port
from tornado.routing import Router
from tornado.web import RequestHandler

if TYPE_CHECKING:
    from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
    from tornado.web import Application

HOME: Final = "/"
_OF_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost"})
_FROM_OUTSIDE: Final = frozenset({"cross-site", "same-site"})  # another port of this machine is "same-site"


class Door:
    """Decides whether a request is answered.

    The token opens the door once, at the front: the browser is given a cookie in its place, and an address
    without it, so that the token stands in no history and in no ``Referer``.

    Parameters
    ----------
    port
        On which the server listens; cookies of other servers of this machine have another name.

    Attributes
    ----------
    token : str
        256 random bits, anew for each server.
    """

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(32)
        self._pass = secrets.token_urlsafe(32)
        self._cookie = f"evalkit-form-{port}"

    def refusal(self, request: HTTPServerRequest) -> str:
        """Return why a request is refused, or ``""`` if it is answered.

        The name by which the server was called is checked, because a stranger's page can let its own name
        point to this machine; where the request comes from, because browsers send cookies to all ports.
        """
        name, _ = split_host_and_port(request.host.lower())
        if name not in _OF_THIS_MACHINE:
            return "This page is at 127.0.0.1 and under no other name."
        if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
            return "Another page asked for this one."
        if _is_from_outside(request):
            return "Another page asked for a part of this one."
        if request.query_arguments.get("token"):
            return "" if self.brings_token(request) else "The token in the address is not this page's."
        return "" if self._knows(request) else "The address has no token."

    def brings_token(self, request: HTTPServerRequest) -> bool:
        """Whether a request asks for the page, with the token in its address."""
        given = request.query_arguments.get("token", [])
        return request.path == HOME and len(given) == 1 and hmac.compare_digest(given[0], self.token.encode())

    def cookie(self) -> str:
        """Return the ``Set-Cookie`` header that stands for the token until the browser is closed."""
        return f"{self._cookie}={self._pass}; HttpOnly; Path=/; SameSite=Lax"

    def _knows(self, request: HTTPServerRequest) -> bool:
        given = request.cookies.get(self._cookie)
        return given is not None and hmac.compare_digest(given.value.encode(), self._pass.encode())


def _is_from_outside(request: HTTPServerRequest) -> bool:
    """Whether a page of another server asks; that the user opens the form from a link there is fine."""
    if request.headers.get("Sec-Fetch-Site") not in _FROM_OUTSIDE:
        return False
    opened = request.method == "GET" and request.path == HOME
    return not (opened and request.headers.get("Sec-Fetch-Dest") == "document")


class Guarded(Router):
    """An application behind a door: nothing of it is reached otherwise, not even a file or an error page."""

    def __init__(self, application: Application, door: Door) -> None:
        self._application = application
        self._door = door

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:  # noqa: ANN401 - as in tornado
        """Return what answers a request."""
        reason = self._door.refusal(request)
        if reason:
            return self._application.get_handler_delegate(request, _Refusal, {"reason": reason})
        if self._door.brings_token(request):
            return self._application.get_handler_delegate(request, _Entrance, {"door": self._door})
        return self._application.find_handler(request, **kwargs)


class KnownVisitor(IdentityProvider):
    """Jupyter-server's own check of pages and kernels, by the same door."""

    @property
    def auth_enabled(self) -> bool:
        """Always."""
        return True

    def get_user(self, handler: Any) -> User | None:  # noqa: ANN401 - as in jupyter-server
        """Return the one user there is, or None for a stranger."""
        door: Door = handler.settings["evalkit_door"]
        return None if door.refusal(handler.request) else User("architect")


class _Refusal(RequestHandler):
    def initialize(self, reason: str) -> None:
        self._reason = reason

    def prepare(self) -> None:
        self.set_status(403)
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.set_header("X-Content-Type-Options", "nosniff")
        page = Path(__file__).with_name("page") / "refused.html"
        self.finish(page.read_text(encoding="utf-8").replace("{{ reason }}", self._reason))


class _Entrance(RequestHandler):
    def initialize(self, door: Door) -> None:
        self._door = door

    def get(self) -> None:
        self.set_header("Set-Cookie", self._door.cookie())
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.redirect(HOME)
