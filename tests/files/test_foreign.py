"""YAML of other programs is read generously, and no file, however odd, is expanded or run."""

from __future__ import annotations

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.foreign import ForeignMapping, read_foreign


def data(text: str | bytes) -> object:
    """Return what a file says."""
    return read_foreign(text.encode() if isinstance(text, str) else text, "other.yaml").data


def test_scalars_stay_the_texts_that_they_are() -> None:
    assert data("a: no\nb: 1.10\nc: 2024-09-28\nd: ~\ne: '~'\nf:\n") == {
        "a": "no",
        "b": "1.10",
        "c": "2024-09-28",
        "d": None,
        "e": "~",
        "f": None,
    }


def test_anchors_aliases_merges_and_tags_are_taken() -> None:
    text = "x: &x [Yes, No]\ny: *x\nz: !tool/own {<<: &m {k: 1, l: 2}, k: 3}\nm: {<<: [*m, {n: 4}]}\n"
    assert data(text) == {
        "x": ["Yes", "No"],
        "y": ["Yes", "No"],
        "z": {"k": "3", "l": "2"},
        "m": {"k": "1", "l": "2", "n": "4"},
    }


def test_a_tag_runs_nothing() -> None:
    assert data("!!python/object/apply:os.getcwd []") == []


def test_mappings_know_their_lines_and_repeated_keys_are_told() -> None:
    document = read_foreign(b"a: 1\nb:\n  c: 2\na: 3\n", "other.yaml")
    assert isinstance(document.data, ForeignMapping)
    inner = document.data["b"]
    assert isinstance(inner, ForeignMapping)
    assert (document.data["a"], inner.line, document.repeats) == ("3", 3, (("a", 4),))


def test_both_unicode_encodings_are_read() -> None:
    assert data("a: é\n".encode("utf-16")) == data("\ufeffa: é\n") == {"a": "é"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "other.yaml is empty"),
        ("a: [1\n", "other.yaml:2: is no YAML"),
        ("a: 1\n---\nb: 2\n", "other.yaml:2: a second document"),
        ("a: *b\n", r"other.yaml:1: the alias '\*b' names nothing"),
        ("a: &a [*a]\n", r"other.yaml:1: the alias '\*a' stands within what it names"),
        ("? [a]\n: 1\n", "other.yaml:1: a list or mapping stands where a key"),
        ("? *a\n: 1\n", r"alias '\*a' names nothing"),
        ("a: \x07\n", r"other.yaml:1: the control character U\+0007"),
        ("[" * 60 + "]" * 60, "nested more than 50 deep"),
        (b"a: \xff\n", "other.yaml:1: the byte 0xff is no UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str | bytes, told: str) -> None:
    with pytest.raises(EvalkitError, match=told):
        data(text)


def test_aliases_count_as_often_as_they_are_used() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
    )
    with pytest.raises(EvalkitError, match="more than 1,500,000 values, aliases written out"):
        data(bomb)
