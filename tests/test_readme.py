"""What the README shows is tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import evalkit

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_product_that_the_readme_adds_passes_the_check_and_scores(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert evalkit("new", tmp_path / "ours", "--as-of", "2026-11-22").returncode == 0
    (tmp_path / "ours" / "answers" / "our-agent.yaml").write_text(example, encoding="utf-8")
    checked = evalkit("check", tmp_path / "ours")
    assert checked.returncode == 0, checked.stderr
    assert "our-agent/bedrock" in evalkit("score", tmp_path / "ours", "--format", "csv").stdout


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_what_the_readme_links_to_is_there(target: str) -> None:
    assert target.startswith("https://") or (ROOT / target).exists()


def test_every_folder_is_on_the_map() -> None:
    shown = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert {name for name in shown - {"build", "dist"} if f"`{name}/`" not in README} == set()


def test_every_make_target_of_the_readme_is_there() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.MULTILINE)
    assert set(named) >= {"demo", "test"}
    assert set(named) <= targets
