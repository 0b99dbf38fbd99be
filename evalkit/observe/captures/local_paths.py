"""Paths of captures -> paths that tell which files a product touches, and not whose they are.

The home folder becomes ``~``. Three levels stay as they are; below, and wherever a part holds the user's
name, a name becomes its digest, unless it is one of the words that products name files by.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evalkit.model.secret_shapes import secret_shape_of

_HOME: Final = re.compile(r"(?:[A-Za-z]:)?/(?:home|Users)/(?P<name>[^/]+)(?=/|$)|/root(?=/|$)")
_HOME_WORDS: Final = ("$HOME", "${HOME}", "%USERPROFILE%")
_KEPT_LEVELS: Final = 3
_LONGEST_PART: Final = 40
_SHORTEST_NAME: Final = 3
_PLAIN: Final = re.compile(r"[A-Za-z0-9 ._@+*-]+")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,6}")
# fmt: off
_WORDS: Final = frozenset({
    "access_tokens", "auth", "backup", "backups", "bin", "blob", "blobs", "cache", "caches", "config",
    "cookies", "credential", "credentials", "data", "database", "db", "debug", "downloads", "env",
    "file-history", "history", "hosts", "id", "index", "installation_id", "keyring", "keys", "lock",
    "locks", "log", "login", "logs", "memories", "memory", "metadata", "metrics", "oauth", "plugins",
    "projects", "prompts", "queue", "secret", "secrets", "session", "sessions", "settings", "shell_snapshots",
    "skills", "snapshot", "snapshots", "state", "storage", "telemetry", "temp", "tmp",
    "todos", "token", "tokens", "transcripts", "update", "updates", "version", "workspace",
    "workspaces",
})
# fmt: on
_CREDENTIAL: Final = re.compile(
    r"(?:^|[._-])(?:auth|o?auth[_-]?(?:creds?|keys?|token)?|tokens?|creds?|credentials?|secrets?|api[_-]?keys?"
    r"|access[_-]?tokens?|netrc)(?:$|[._-])"
)
_PRIVATE: Final = re.compile(
    r"~/(?:\.ssh|\.aws|\.azure|\.gnupg|\.kube|\.docker|\.netrc|\.npmrc|\.pypirc|\.git-credentials"
    r"|\.config/(?:gcloud|gh|google-chrome|chromium|microsoft-edge|BraveSoftware)"
    r"|\.mozilla|\.local/share/keyrings|snap/(?:firefox|chromium)|\.password-store"
    r"|Library/(?:Keychains|Safari|Cookies|Application Support/(?:Google/Chrome|Firefox|Microsoft Edge))"
    r"|AppData/(?:Local/(?:Google/Chrome|Microsoft/Edge|Microsoft/Credentials)"
    r"|Roaming/(?:Mozilla|Microsoft/Credentials)))(?:/|$)"
)


@dataclass(frozen=True, slots=True)
class LocalPath:
    """A path as records may hold it, and what its name says.

    Attributes
    ----------
    is_credential : bool
        Whether the file is named like one for credentials.
    is_private : bool
        Whether it lies where keys, cloud logins and browser profiles do.
    """

    shown: str
    is_credential: bool
    is_private: bool


@lru_cache(maxsize=65_536)
def local_path(path: str) -> LocalPath:
    """Return a path without names of people and projects.

    >>> local_path("/home/ada/.kestrel/projects/-home-ada-merger/auth.json").shown
    '~/.kestrel/projects/#a416cfbb/auth.json'
    """
    plain, user = _from_home(path)
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    is_rooted = plain.startswith("/")
    shown = [_shown(part, level, user) for level, part in enumerate(parts, start=1)]
    name = parts[-1].lower() if parts else ""
    return LocalPath(
        ("/" if is_rooted else "") + "/".join(shown),
        is_credential=_CREDENTIAL.search(name) is not None,
        is_private=_PRIVATE.match("/".join(parts)) is not None,
    )


def lies_in(path: str, pattern: str) -> bool:
    """Whether a shown path is a documented file, or lies in a documented folder; a star is one part.

    >>> lies_in("~/.kestrel/logs/a.log", "~/.kestrel/logs"), lies_in("~/.kestrel2/a", "~/.kestrel")
    (True, False)
    """
    own, wanted = path.split("/"), local_path(pattern.rstrip("/")).shown.split("/")
    given = _from_home(pattern)[0].rstrip("/").split("/")
    # Below the levels that stay, a part of a name cannot be compared with a digest: it counts as any name.
    wanted = ["*" if "*" in raw else part for raw, part in zip(given, wanted, strict=False)]
    return len(own) >= len(wanted) and all(
        re.fullmatch("[^/]*".join(re.escape(each) for each in part.split("*")), name) is not None
        for name, part in zip(own, wanted, strict=False)
    )


def _from_home(path: str) -> tuple[str, str]:
    """Return a path from the home folder, and the user's name in lower case."""
    slashed = path.replace("\\", "/")
    for word in _HOME_WORDS:
        if slashed.startswith(word):
            return "~" + slashed[len(word) :], ""
    found = _HOME.match(slashed)
    if found is None:
        return slashed, ""
    return "~" + slashed[found.end() :], (found["name"] or "").lower()


def _shown(part: str, level: int, user: str) -> str:
    suffix = part[part.rfind(".") :] if "." in part[1:] else ""
    stem = part.removesuffix(suffix)
    is_named = len(user) >= _SHORTEST_NAME and user in part.lower()
    is_word = stem.lower().lstrip(".") in _WORDS and (not suffix or _SUFFIX.fullmatch(suffix) is not None)
    is_short = len(part) <= _LONGEST_PART and _PLAIN.fullmatch(part) is not None
    is_safe = is_short and not is_named and secret_shape_of(part) is None
    if part in ("~", "*") or (is_safe and (level <= _KEPT_LEVELS or is_word)):
        return part
    digest = hashlib.sha256(part.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    kept = suffix if _SUFFIX.fullmatch(suffix) and not is_named else ""
    return f"#{digest}{kept}"
