"""Where in an artefact a place lies: program, runtime, other people's code, documents, tests, source maps."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from evalkit.model.observation import Region

CATALOGUE: Final = "catalogue"
"""Counted instead of a region where a file lists so many hosts that it is a table of other people's."""

_TEST: Final = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|spec|fixtures|testdata|e2e)/"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|\.(test|spec)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
_THIRD: Final = re.compile(
    r"(^|/)(node_modules|site-packages|_vendor|third[_-]party|bower_components)/"
    r"|(^|/)lib[^/]*\.(so|dylib)(\.[0-9.]+)?$|\.(node|dll)$"
    r"|(^|/)(rg|ripgrep|bwrap|fd|fzf|git|jq|tree-sitter[^/]*|yoga[^/]*|onig[^/]*)(\.exe|\.wasm)?$",
    re.IGNORECASE,
)
_RUNTIME: Final = re.compile(r"(^|/)(node|bun|deno|python3?(\.[0-9]+)?)(\.exe)?$", re.IGNORECASE)
_DOC: Final = re.compile(
    r"(^|/)(docs?|documentation|examples?|man)/"
    r"|(^|/)(?!.*\.(?:[cm]?[jt]sx?|py)$)(readme|changelog|changes|history|licen[cs]es?|notice|third[_-]?party[^/]*|copying|authors|security"
    r"|contributing|code_of_conduct)([._-][^/]*)?$"
    r"|\.(md|mdx|rst|adoc|1)$",
    re.IGNORECASE,
)
_METADATA: Final = re.compile(r"\.dist-info/[^/]*$|(^|/)PKG-INFO$")


def region_of(label: str) -> Region:
    """Return the region of a member by its name.

    >>> [region_of(name) for name in ("package/cli.js", "package/README.md", "a/node_modules/x/index.js")]
    ['app', 'doc', 'third']
    """
    if PurePosixPath(label).suffix.lower() == ".map":
        return "map"
    if _TEST.search(label):
        return "test"
    if _THIRD.search(label):
        return "third"
    if _DOC.search(label) or _METADATA.search(label):
        return "doc"
    if _RUNTIME.search(label):
        return "runtime"
    return "app"
