"""The served form answers whoever has its address, in what the form needs, and nobody else."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from typing import TYPE_CHECKING

import psutil
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.notebooks.serving import Served, served_probe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = "</script><script>document.title='taken'</script><b>bold"


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_probe(tmp_path_factory.mktemp("probe"), title=HOSTILE, text="as set") as served:
        yield served


@pytest.fixture(scope="module")
def kernel_id(probe: Served) -> str:
    """The id of a kernel that runs."""
    _, page, _ = probe.get("/", Cookie=probe.cookie())
    return _kernel_id(page)


def _kernel_id(page: str) -> str:
    (found,) = re.findall(r'"kernelId": "([0-9a-f-]+)"', page)
    assert isinstance(found, str)
    return found


def _paths(kernel_id: str) -> list[str]:
    return [
        "/",
        f"/api/kernels/{kernel_id}",
        f"/api/kernels/{kernel_id}/channels",
        "/voila/static/voila.js",
        "/voila/static/page.css",
        "/voila/labextensions/anywidget/package.json",
        "/nothing/of/the/kind",
    ]


WEBSOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_nothing_is_answered_without_the_token(probe: Served, kernel_id: str) -> None:
    for path in _paths(kernel_id):
        upgrade = WEBSOCKET if path.endswith("/channels") else {}
        for given, headers in (
            ("", {}),
            ("?token=", {}),
            ("?token=wrong", {}),
            (f"?token={probe.token}x", {}),
            ("", {"Authorization": f"token {probe.token}"}),
            ("", {"Cookie": f"evalkit-form-{probe.port}=wrong"}),
            ("", {"Cookie": f"evalkit-form-{probe.port}={probe.token}"}),
            ("?token=wrong", {"Cookie": probe.cookie()}),
        ):
            status, text, answered = probe.get(path + given, **headers, **upgrade)
            assert status == 403, (path, given, headers)
            assert "Set-Cookie" not in answered
            assert "Not let in" in text
            assert kernel_id not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_no_method_is_answered_without_the_token(probe: Served, kernel_id: str, method: str) -> None:
    for path in _paths(kernel_id):
        assert probe.ask(method, path)[0] == 403


def test_the_token_opens_the_page_once_and_leaves_its_address(probe: Served) -> None:
    status, _, headers = probe.get(f"/?token={probe.token}")
    assert (status, headers["Location"]) == (302, "/")
    assert probe.token not in headers["Set-Cookie"]
    assert "HttpOnly" in headers["Set-Cookie"]
    assert probe.get(f"/voila/static/page.css?token={probe.token}")[0] == 403
    assert probe.get(f"/?token={probe.token}&token={probe.token}")[0] == 403
    assert probe.get("/voila/static/page.css", Cookie=probe.cookie())[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "[::1]:{port}",
        "10.0.0.1:{port}",
        "[",
        "",
    ],
)
def test_another_name_of_the_machine_is_refused(probe: Served, kernel_id: str, host: str) -> None:
    name = host.format(port=probe.port)
    for path in (f"/?token={probe.token}", *_paths(kernel_id)):
        assert probe.get(path, Host=name, Cookie=probe.cookie())[0] in (400, 403)


def test_the_port_may_differ_as_behind_a_tunnel(probe: Served) -> None:
    for host in ("127.0.0.1:9", "localhost:9", "localhost"):
        assert probe.get("/voila/static/page.css", Host=host, Cookie=probe.cookie())[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "websocket"},
    ],
)
def test_other_pages_of_the_same_browser_are_refused(
    probe: Served, kernel_id: str, headers: dict[str, str]
) -> None:
    for path in _paths(kernel_id):
        assert probe.get(path, Cookie=probe.cookie(), **headers)[0] == 403


def test_a_link_on_another_page_opens_the_form(probe: Served) -> None:
    way = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert probe.get("/", Cookie=probe.cookie(), **way)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/probe.ipynb",
        "/voila/files/secret.png",
        "/voila/files/",
        "/voila/render/probe.ipynb",
        "/voila/render/../probe.ipynb",
        "/voila/tree",
        "/voila/api/contents",
        "/voila/api/shutdown/",
        "/voila/templates/lab/static/theme-light.css",
        "/api/contents",
        "/api/kernels",
        "/api/kernelspecs",
        "/api/sessions",
        "/login",
        "/probe.ipynb",
        "/secret.png",
        "/voila/static/../../notebook/form.ipynb",
        "/voila/static/..%2f..%2fnotebook%2fform.ipynb",
        "/voila/static/%2e%2e/%2e%2e/notebook/form.ipynb",
        "/voila/static/../index.html.j2",
        "/voila/static//etc/passwd",
        "/voila/labextensions/../../../etc/passwd",
        "/voila/static/",
        "/voila/labextensions/",
    ],
)
def test_no_other_notebook_no_file_and_no_list_is_served(probe: Served, path: str) -> None:
    status, text, _ = probe.get(path, Cookie=probe.cookie())
    assert status in (403, 404)
    assert "opened_form" not in text
    assert "not for visitors" not in text
    assert "root:" not in text


def test_a_visitor_starts_no_kernel_of_another_kind(probe: Served, kernel_id: str) -> None:
    assert probe.ask("POST", "/api/kernels", Cookie=probe.cookie())[0] == 404
    assert probe.ask("POST", f"/api/kernels/{kernel_id}/restart", Cookie=probe.cookie())[0] == 404


def test_the_address_changes_neither_template_nor_environment(probe: Served) -> None:
    asked = "/?template=reveal&theme=dark&PROBE_TEXT=other&EVALKIT_FORM_EVALUATION=/other"
    status, page, _ = probe.get(asked, Cookie=probe.cookie())
    assert status == 200
    assert "evalkit-page" in page
    assert "/other" not in page
    kernels = probe.kernels()
    assert kernels
    assert {kernel.environ()["PROBE_TEXT"] for kernel in kernels} == {"as set"}


def test_the_title_is_text_whatever_it_says(probe: Served) -> None:
    _, page, _ = probe.get("/", Cookie=probe.cookie())
    assert HOSTILE not in page
    assert "&lt;b&gt;bold" in page


def test_the_page_may_load_nothing_from_elsewhere_and_run_no_script_in_its_text(probe: Served) -> None:
    _, _, headers = probe.get("/", Cookie=probe.cookie())
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' blob:"
    assert policy["frame-ancestors"] == "'none'"
    elsewhere = re.findall(r"(?<!')(?:https?:|ws:)//[^' ;]*", headers["Content-Security-Policy"])
    assert elsewhere == ["ws://127.0.0.1:*", "ws://localhost:*"]


def test_messages_that_run_code_do_not_reach_a_kernel(probe: Served, kernel_id: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"open({str(trace)!r}, 'w')"
    kinds = asyncio.run(_say(probe, kernel_id, code))
    assert "kernel_info_reply" in kinds
    assert not trace.exists()
    assert "execute_reply" not in kinds


async def _say(probe: Served, kernel_id: str, code: str) -> set[str]:
    """Ask a kernel to run code, then who it is; return the kinds of its messages until it has said that."""
    url = f"{probe.origin.replace('http', 'ws')}/api/kernels/{kernel_id}/channels?session_id=test"
    connection: WebSocketClientConnection = await websocket_connect(
        HTTPRequest(url, headers={"Cookie": probe.cookie()})
    )
    for kind, content in (
        ("execute_request", {"code": code, "silent": False, "store_history": False, "allow_stdin": False}),
        ("debug_request", {"command": "evaluate", "arguments": {"expression": code}}),
        ("kernel_info_request", {}),
    ):
        header = {"msg_id": kind, "msg_type": kind, "session": "test", "username": "", "version": "5.3"}
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
        }
        await connection.write_message(json.dumps(message))
    kinds: set[str] = set()
    while "kernel_info_reply" not in kinds:
        said = await connection.read_message()
        assert isinstance(said, str)
        kinds.add(json.loads(said)["header"]["msg_type"])
    connection.close()
    while await connection.read_message() is not None:
        pass
    return kinds


def test_neither_processes_nor_their_environments_show_the_token(probe: Served) -> None:
    probe.get("/", Cookie=probe.cookie())
    processes = [probe.process, *probe.process.children(recursive=True)]
    assert len(processes) > 1
    for process in processes:
        assert probe.token not in " ".join(process.cmdline())
        assert probe.token not in " ".join(process.environ().values())


def test_only_this_machine_reaches_it_and_only_this_user_its_kernels(probe: Served, kernel_id: str) -> None:
    # A kernel's own threads speak by TCP, too; each message there needs a secret, and none is sent to others.
    assert kernel_id
    listening = {
        (process.pid, found.laddr.ip, found.laddr.port)
        for process in (probe.process, *probe.kernels())
        for found in process.net_connections("inet")
        if found.status == psutil.CONN_LISTEN
    }
    assert {address for _, address, _ in listening} == {"127.0.0.1"}
    assert {port for process, _, port in listening if process == probe.process.pid} == {probe.port}
    assert stat.S_IMODE(probe.private.stat().st_mode) & 0o077 == 0
    channels = [path for path in probe.private.iterdir() if path.is_socket()]
    assert len(channels) == 5 * len(probe.kernels())
