"""A real LibreOffice opens, edits and saves the form, and nothing that the vendor wrote is lost."""

from __future__ import annotations

import subprocess
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.exchange.vendor_form.acme import NOW, came_back, evaluation, fill_in, outcome, row_of, says, sent

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.office, pytest.mark.slow]

PATIENCE_SECONDS = 600
ENTRIES: dict[str, dict[str, object]] = {
    "LOC-01/*": {
        "answer": "4 · Complete",
        "explanation": "=Ä, 漢\nsecond line",
        "backing": "test report",
        "link": "https://acme.example/a?b=c&d=e",
        "day": date(2026, 5, 1),
    },
    "VER-03/*": {"answer": 90.5},
    "RTN-02/*": {"answer": "none exists"},
    "NET-01/*/documented": {"answer": "a.example\nb.example"},
    "NET-01/*/purposes_given": {"answer": "yes"},
}

MACRO = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">
Sub Vendor(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  sheet = book.Sheets.getByIndex(1)
  sheet.unprotect("")
  For row = 0 To 60
    If sheet.getCellByPosition(0, row).String = "LOC-01/*" Then
      For column = 0 To 14
        Select Case sheet.getCellByPosition(column, 0).String
          Case "answer" : sheet.getCellByPosition(column, row).String = "4 · Complete"
          Case "explanation" : sheet.getCellByPosition(column, row).String = "Typed in LibreOffice."
          Case "day" : sheet.getCellByPosition(column, row).Formula = "2026-05-01"
        End Select
      Next
      sheet.Rows.insertByIndex(row, 2)
      Exit For
    End If
  Next
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(target, filter())
  book.close(True)
End Sub
</script:module>
"""


def _run(soffice: str, home: Path, *arguments: str) -> None:
    command = [soffice, f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _converted(soffice: str, path: Path, ending: str, folder: Path) -> Path:
    _run(soffice, path.parent / "home", "--convert-to", ending, "--outdir", str(folder), str(path))
    return folder / f"{path.stem}.{ending}"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


@pytest.mark.parametrize("steps", [("xlsx",), ("ods", "xlsx")])
def test_what_was_filled_in_survives_saving(
    small: Path, tmp_path: Path, soffice: str, steps: tuple[str, ...]
) -> None:
    path = sent(small)
    book = openpyxl.load_workbook(fill_in(path, ENTRIES))
    sheet, row = row_of(book, "LOC-01/*")
    for cell in sheet[row]:
        if cell.data_type == "f":
            cell.data_type = "s"  # the vendor's text begins with an equals sign
    book.save(path)
    for number, ending in enumerate(steps):
        path = _converted(soffice, path, ending, tmp_path / str(number))
    received = came_back(small, path)
    assert received.rejected == ()
    filed = {row.question for row in received.rows if row.outcome in {"accepted", "changed"}}
    assert filed == {"LOC-01", "VER-03", "RTN-02", "NET-01"}
    received.apply(NOW)
    answers = says(small).answers
    assert answers["VER-03"].value == 90.5
    claim = answers["LOC-01"].evidence[-1]
    assert claim.value == 4
    assert claim.locator is not None
    assert claim.locator.endswith("https://acme.example/a?b=c&d=e, of 2026-05-01")
    assert answers["LOC-01"].comments[0].text == "=Ä, 漢\nsecond line"


def test_dropdowns_locks_and_ids_survive_saving(small: Path, tmp_path: Path, soffice: str) -> None:
    book = openpyxl.load_workbook(_converted(soffice, sent(small), "xlsx", tmp_path / "saved"))
    sheet, _ = row_of(book, "LOC-01/*")
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    assert any(rule.type == "list" for rule in sheet.data_validations.dataValidation)
    assert book["evalkit"].sheet_state == "hidden"


def test_a_vendor_types_into_cells_and_inserts_rows(small: Path, tmp_path: Path, soffice: str) -> None:
    path, home, back = sent(small), tmp_path / "home", tmp_path / "back.xlsx"
    _run(soffice, home, "--convert-to", "pdf", "--outdir", str(tmp_path / "warm"), str(path))
    module = home / "user" / "basic" / "Standard" / "Module1.xba"
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(MACRO, encoding="utf-8")
    (module.parent / "script.xlb").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
        '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false">\n'
        ' <library:element library:name="Module1"/>\n</library:library>\n',
        encoding="utf-8",
    )
    call = f'macro:///Standard.Module1.Vendor("{path.as_uri()}","{back.as_uri()}")'
    _run(soffice, home, call)
    received = came_back(small, back)
    assert received.rejected == ()
    assert outcome(received, "LOC-01").outcome == "changed"
    received.apply(NOW)
    answer = says(small).answers["LOC-01"]
    assert answer.evidence[-1].locator == "lead, not looked at: of 2026-05-01"
    assert answer.comments[0].text == "Typed in LibreOffice."
