"""A file given to the wrong format: the error says what it looks like, and which format reads that."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.formats import FORMATS, Wanted, read
from tests.exchange.importing.hecvat_book import workbook as hecvat_book
from tests.exchange.importing.tables import workbook

LIBRARY = """# A library
urn: urn:acme:risk:library:x
name: X
objects:
  framework:
    urn: urn:acme:risk:framework:x
    requirement_nodes:
    - {urn: "urn:acme:risk:req_node:x:1", assessable: true, description: Is it?}
"""
QUESTIONS = """// A comment
/* and another */
{
  "version": 1,
  "questionnaire": [{"type": "line", "id": "a", "text": "Is " + "it?"}]
}
"""
RESULTS = {
    "assessment-results": {
        "metadata": {"title": "T", "version": "1.0", "oscal-version": "1.1.2"},
        "results": [
            {"reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": "ac-1"}]}]}}
        ],
    }
}
RESULTS_YAML = f"# by a program\n---\n{json.dumps(RESULTS)[1:-1]}\n".replace(
    '"assessment-results"', "assessment-results"
)
LIST = "id;question;answer\n1;Is it?;Yes\n2;Is it too?;No\n"
FILES: dict[str, tuple[bytes, str, str]] = {
    "library": (LIBRARY.encode(), "ciso-assistant", "a library of CISO Assistant"),
    "library, UTF-16": (LIBRARY.encode("utf-16"), "ciso-assistant", "a library of CISO Assistant"),
    "questions": (QUESTIONS.encode(), "vsaq", "a questionnaire of VSAQ"),
    "questions, CRLF": (
        b"\xef\xbb\xbf" + QUESTIONS.replace("\n", "\r\n").encode(),
        "vsaq",
        "a questionnaire of VSAQ",
    ),
    "results": (json.dumps(RESULTS).encode(), "oscal-results", "OSCAL assessment results"),
    "results, UTF-16": (json.dumps(RESULTS).encode("utf-16"), "oscal-results", "OSCAL assessment results"),
    "results, YAML": (RESULTS_YAML.encode(), "oscal-results", "OSCAL assessment results"),
    "list": (LIST.encode(), "table", "CSV"),
    "list, UTF-16": (LIST.encode("utf-16"), "table", "CSV"),
    "workbook": (workbook(List=[["id", "question"], ["1", "Is it?"]]), "table", "a workbook"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("tried", FORMATS)
def test_each_format_reads_its_own_files_and_names_the_format_of_others(name: str, tried: str) -> None:
    raw, own, what = FILES[name]
    if tried == own:
        assert read(tried, raw, "a.file", Wanted()).questions
        return
    with pytest.raises(EvalkitError) as error:
        read(tried, raw, "a.file", Wanted())
    assert str(error.value).startswith("a.file")
    assert f"It looks like {what}: try evalkit import {own}" in str(error.value)


@pytest.mark.parametrize("tried", ["vsaq", "ciso-assistant", "oscal-results"])
def test_of_a_workbook_both_formats_that_read_one_are_named(tried: str) -> None:
    with pytest.raises(EvalkitError, match="try evalkit import table or evalkit import hecvat"):
        read(tried, hecvat_book(), "a.xlsx", Wanted())


def packed(*names: str) -> bytes:
    """Return an archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF: ask for the spreadsheet"),
        (packed("word/document.xml"), "a Word document: copy its table"),
        (packed("mimetype", "content.xml"), "an OpenDocument file: save it as .xlsx"),
        (packed("readme.txt"), "an archive: unpack it first"),
        (
            packed("word/document.xml", *(f"part {n} of many" for n in range(4_000))),
            "an archive: unpack it first",
        ),
        (b"PK\x03\x04 and no more", "a damaged archive or workbook"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "an old or encrypted Office document: save it as .xlsx without a password",
        ),
        (gzip.compress(b"x", mtime=0), "a compressed file: unpack it first"),
        (b"<!DOCTYPE html><html><table>", "a web page: copy its table"),
        (
            b'<?xml version="1.0"?>\n<assessment-results xmlns="x"/>',
            "OSCAL in XML: convert it with oscal-cli",
        ),
        (b'<?xml version="1.0"?>\n<survey/>', "XML: no format reads it"),
        (
            b'{"catalog": {"metadata": {"oscal-version": "1.1.2"}}}',
            "another document of OSCAL: only assessment",
        ),
        (b'{"pages": []}', "JSON: no format reads what stands in it"),
        (
            b"# Ours\n\n| ID | Ask |\n|----|:---:|\n| 1 | Is it? |\n",
            "Markdown with a table in it: save the table",
        ),
    ],
)
def test_what_no_format_reads_is_named_with_what_to_do(raw: bytes, told: str) -> None:
    with pytest.raises(EvalkitError) as error:
        read("vsaq", raw, "a.file", Wanted())
    assert f"It looks like {told}" in str(error.value)


@pytest.mark.parametrize(
    ("raw", "tried"), [(b"", "table"), (b"x", "vsaq"), (LIBRARY[:60].encode(), "ciso-assistant")]
)
def test_nothing_is_said_of_what_looks_like_nothing_or_like_what_was_tried(raw: bytes, tried: str) -> None:
    with pytest.raises(EvalkitError) as error:
        read(tried, raw, "a.file", Wanted())
    assert "looks like" not in str(error.value)


def test_the_same_advice_is_not_given_twice() -> None:
    with pytest.raises(EvalkitError) as error:
        read("table", packed("mimetype", "content.xml"), "a.ods", Wanted())
    assert str(error.value).count("save it as .xlsx") == 1
