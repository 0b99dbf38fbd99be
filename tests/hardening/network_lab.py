"""A network of two machines in namespaces, where the generated egress files run in the programs they are for.

Run as a program, in a network and mount namespace of its own: it prints what happened as JSON. The agent is
the user 65534 on this machine; its peer has an address per host and listens on 443. No packet leaves.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 - here, because the agent's user may not read the standard library
import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

AGENT = 65534
OWN, PEER = "10.9.0.1", "10.9.0.254"
PROXY = "127.0.0.1", 3128
CLOSED = 81
TIMEOUT = 60.0
"""Longer than any answer takes on a busy machine; nothing that is refused waits for it."""


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr}{done.stdout}")
    return done.stdout


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def outcome(address: str, port: int) -> str:
    try:
        with closing(socket.create_connection((address, port), TIMEOUT)):
            return "connected"
    except OSError as error:
        return type(error).__name__ if error.errno is None else os.strerror(error.errno)


def as_agent(host: str) -> str:
    """Resolve a name as the agent's user and connect to its first address; what came of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(AGENT)
        os.setuid(AGENT)
        try:
            address = str(socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)[0][4][0])
            told = outcome(address, 443)
        except OSError as error:
            told = f"{host}: {error}"
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told_by_child:
        said = told_by_child.read()
    os.waitpid(child, 0)
    return said


def peer(plan: dict[str, Any]) -> None:
    """Be the other machine: its addresses, its names, a port that answers."""
    say("here")
    sys.stdin.readline()
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{PEER}/24", "dev", "peer")
    for address in plan["names"].values():
        length = "64" if ":" in address else "24"
        run(
            "ip",
            "address",
            "add",
            f"{address}/{length}",
            "dev",
            "peer",
            *(["nodad"] if ":" in address else []),
        )
    run("ip", "link", "set", "peer", "up")
    run(
        "dnsmasq", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=",
        f"--listen-address={PEER}", "--bind-interfaces", "--local-ttl=600",
        *(f"--address=/{name}/{address}" for name, address in plan["names"].items()),
    )  # fmt: skip
    with socket.create_server(("::", 443), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64):
        say("up")
        sys.stdin.readline()
        say(outcome(OWN, CLOSED))
        sys.stdin.readline()


def counted() -> dict[str, int]:
    """Packets that the rules with a log line saw, by its prefix."""
    found: dict[str, int] = {}
    for it in json.loads(run("nft", "-j", "list", "table", "inet", "evalkit_egress"))["nftables"]:
        said = [one for one in it.get("rule", {}).get("expr", []) if isinstance(one, dict)]
        prefix = next((one["log"]["prefix"].strip() for one in said if "log" in one), None)
        packets = next((one["counter"]["packets"] for one in said if "counter" in one), 0)
        if prefix is not None:
            found[prefix] = found.get(prefix, 0) + packets
    return found


def packet_filter(folder: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """Load the rules, let dnsmasq fill their sets, and try every name of the plan."""
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    run("mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf")
    load = ("nft", "-D", f"agent_uid={AGENT}", "-f", str(folder / "nftables.nft"))
    run(*load)
    run(*load)
    run(
        "dnsmasq", f"--conf-file={folder / 'dnsmasq.conf'}", "--no-resolv", "--no-hosts", "--user=root",
        "--pid-file=", "--listen-address=127.0.0.1", "--bind-interfaces", f"--server={PEER}",
    )  # fmt: skip
    rules = run("nft", "list", "table", "inet", "evalkit_egress").count("jump agent")
    tried = {name: as_agent(name) for name in plan["names"]}
    seen = counted()
    run("nft", "flush", "set", "inet", "evalkit_egress", "allow4")  # as an hour does
    return {"agent": tried, "counted": seen, "jumps": rules, "later": as_agent(next(iter(plan["names"])))}


SQUID = ["squid", "-N"]
PEER_HERE = ["unshare", "-n", sys.executable, __file__]
CONF = f"""
include /etc/squid/conf.d/*.conf
http_access deny all
http_port {PROXY[0]}:{PROXY[1]}
hosts_file /etc/squid/hosts
pid_filename none
cache_log /var/log/squid/cache.txt
coredump_dir /var/log/squid
shutdown_lifetime 0 seconds
pinger_enable off
cache_effective_user nobody
"""


def wait_for(squid: subprocess.Popen[bytes]) -> None:
    """Return once squid takes connections: it says so in its log a moment too early."""
    while outcome(*PROXY) != "connected":
        with suppress(subprocess.TimeoutExpired):
            raise SystemExit(f"squid ended: {squid.wait(0.05)}")


def proxy(folder: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """Ask squid for every name of the plan, with the files where their comments say: its status, its logs."""
    for place in ("/etc/squid", "/var/log/squid", "/dev/shm"):  # noqa: S108 - each is mounted anew
        run("mount", "-t", "tmpfs", "-o", "mode=0777", "tmpfs", place)
    home, logs = Path("/etc/squid"), Path("/var/log/squid")
    shutil.copytree(folder / "squid", home / "evalkit")
    (home / "conf.d").mkdir()
    shutil.copy(folder / "squid.conf", home / "conf.d")
    (home / "evalkit" / "agent.txt").write_text(f"{PROXY[0]}\n")
    (home / "hosts").write_text("".join(f"{address} {name}\n" for name, address in plan["names"].items()))
    (home / "squid.conf").write_text(CONF)
    run("squid", "-k", "parse")
    with subprocess.Popen(SQUID, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as squid:
        wait_for(squid)
        tried = {f"{name}:{port}": asked(name, port) for name in plan["names"] for port in (443, CLOSED)}
        squid.terminate()
    told = {it.stem: it.read_text().splitlines() for it in logs.glob("*.log")}
    asked_for = {name: [line for line in lines if " CONNECT " in line] for name, lines in told.items()}
    return {"proxy": tried, "logs": asked_for}


def asked(name: str, port: int) -> int:
    host = f"[{name}]" if ":" in name else name
    with closing(socket.create_connection(PROXY, TIMEOUT)) as sock:
        sock.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        with sock.makefile("rb") as answer:
            return int(answer.readline().split()[1])


def main(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "own", "type", "veth", "peer", "name", "peer")
    with subprocess.Popen(
        [*PEER_HERE, str(folder), "peer"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        run("ip", "link", "set", "peer", "netns", str(other.pid))
        run("ip", "address", "add", f"{OWN}/24", "dev", "own")
        run("ip", "address", "add", "fd00:9::1/64", "dev", "own", "nodad")
        run("ip", "link", "set", "own", "up")
        print(file=other.stdin, flush=True)
        if other.stdout.readline() != "up\n":
            raise SystemExit("the peer did not come up")
        told = (packet_filter if plan["with"] == "packet_filter" else proxy)(folder, plan)
        print(file=other.stdin, flush=True)
        told["kernel"] = other.stdout.readline().strip()
        print(file=other.stdin, flush=True)
    say(json.dumps(told))


if __name__ == "__main__":
    if len(sys.argv) > 2:  # the folder, and that this is the peer
        peer(json.loads((Path(sys.argv[1]) / "plan.json").read_text()))
    else:
        main(Path(sys.argv[1]))
