"""A workbook built as HECVAT 4 is: 332 questions on sheets for the vendor, mirrors, and sheets that judge.

Sheets, ids, headers, rows and formulas are where version 4.1 has them; all sentences are our own.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

VENDOR_HEADER: Final = ("ID", "Question", "Answer", "Additional Information", "Guidance", "Analyst Notes")
QUESTIONS_HEADER: Final = (
    *("New ID", "Question", "Start", "Org", "Product", "Infra", "Access", "Case", "AI", "Privacy"),
    *("Score Mapping", "Score Location", "Additional Info", "If/then", "Standard Guidance", "No Guidance"),
    *("Yes Guidance", "N/A Guidance", "Reason", "Follow-Up", "Compliant Response", "Compliant"),
    *("Default Importance", "Default Weight"),
)
SHEETS: Final[Mapping[str, Mapping[str, tuple[str, int]]]] = {
    "START HERE": {
        "GNRL": ("General Information", 9),
        "COMP": ("Company Information", 5),
        "REQU": ("Required Questions", 8),
    },
    "Organization": {
        "DOCU": ("Documentation", 7),
        "THRD": ("Assessment of Third Parties", 5),
        "CHNG": ("Change Management", 16),
        "PPPR": ("Policies, Processes, and Procedures", 15),
    },
    "Product": {"AAAI": ("Authentication and Accounts", 18), "DATA": ("Data", 23)},
    "Infrastructure": {
        "APPL": ("Application/Service Security", 14),
        "DCTR": ("Datacenter", 16),
        "FIDP": ("Firewalls and Networking", 11),
        "HFIH": ("Incident Handling", 4),
        "VULN": ("Vulnerability Management", 6),
    },
    "IT Accessibility": {"ITAC": ("IT Accessibility", 18)},
    "Case-Specific": {
        "CONS": ("Consulting Services", 9),
        "HIPA": ("HIPAA Compliance", 29),
        "PCID": ("Card Payments (PCI DSS)", 12),
        "OPEM": ("On-Premises Data Solutions", 10),
    },
    "AI": {
        "AIQU": ("AI Qualifying Questions", 1),
        "AIGN": ("General AI Questions", 5),
        "AIPL": ("AI Policy", 6),
        "AISC": ("AI Data Security", 6),
        "AIML": ("AI Machine Learning", 8),
        "AILM": ("AI Large Language Models", 6),
    },
    "Privacy": {
        "PRGN": ("General Privacy", 6),
        "PCOM": ("Privacy-Specific Company Details", 6),
        "PDOC": ("Privacy-Specific Documentation", 6),
        "PTHP": ("Privacy of Third Parties", 5),
        "PCHG": ("Privacy Change Management", 3),
        "PDAT": ("Privacy of Sensitive Data", 12),
        "PRPO": ("Privacy Policies and Procedures", 12),
        "INTL": ("International Privacy", 6),
        "DRPV": ("Data Privacy", 4),
        "DPAI": ("Privacy and AI", 5),
    },
}
"""Sections of each sheet that a vendor fills in, with their number of questions."""

TEXTS: Final[Mapping[str, str]] = {
    "GNRL-01": "Solution Provider Name",
    "GNRL-02": "Solution Name",
    "REQU-01": "Is the product offered from a cloud?",
    "REQU-08": "Does the product see data about persons?",
}
ROUTES: Final[Mapping[str, str]] = {
    "REQU-01": "the Product and Infrastructure worksheets",
    "REQU-02": "the IT Accessibility worksheet.",
    "REQU-03": "the Consulting section in the Case-Specific worksheet",
    "REQU-04": "the Artificial Intelligence (AI) worksheet",
    "REQU-05": "the HIPAA section in the Case-Specific worksheet",
    "REQU-06": "the PCI-DSS section in the Case-Specific worksheet",
    "REQU-07": "the On-Prem section in the Case-Specific worksheet",
    "REQU-08": "the Privacy tab",
}
WEIGHTS: Final[Mapping[str, int]] = {
    "Critical Importance": 20,
    "Standard Importance": 10,
    "Minor Importance": 5,
}
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    "GNRL-01": ("Acme, Inc.", ""),
    "GNRL-02": ("Acme Assistant", ""),
    "REQU-01": ("Yes", ""),
    "REQU-03": ("No", ""),
    "REQU-04": ("Yes", ""),
    "REQU-05": ("No", ""),
    "REQU-08": ("No", ""),
    "DOCU-01": ("Yes", "Tested every spring; https://acme.example/continuity"),
    "DOCU-02": ("No", "Planned."),
    "DOCU-03": ("N/A", "We rest on a data centre's audit."),
    "DOCU-04": ("Yes, in part", ""),
    "DATA-02": ("no", ""),
    "COMP-02": ("Founded by three engineers.", ""),
    "AIGN-01": ("Yes", ""),
}
_FIRST_SECTION: Final = 12
_MIRRORED: Final = ("GNRL-01", "GNRL-02", "GNRL-03", "GNRL-08")


def ids() -> Iterator[tuple[str, str]]:
    """Yield each question's id with the sheet on which it is answered."""
    for sheet, sections in SHEETS.items():
        for prefix, (_, count) in sections.items():
            for number in range(1, count + 1):
                yield f"{prefix}-{number:02d}", sheet


def compliant(id_: str) -> str:
    """Return what the workbook states as the compliant response to a question."""
    if id_.startswith(("GNRL", "REQU", "AIQU")) or id_ in {"COMP-02", "COMP-05"}:
        return "Not scored"
    return "No" if id_ == "DATA-02" else "Yes"


def importance(id_: str) -> str:
    """Return how important the workbook finds a question."""
    return list(WEIGHTS)[int(id_[-2:]) % 3]


def text_of(id_: str) -> str:
    """Return what is asked."""
    return TEXTS.get(id_, f"Does the vendor do what {id_} is about?{'*' if id_.endswith('1') else ''}")


def workbook(answers: Mapping[str, tuple[str, str]] = ANSWERS, *, version: str = "4.1.5") -> bytes:
    """Return a workbook in which these answers and remarks stand."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    heading = book.add_format({"bold": True})
    places: dict[str, str] = {}
    for sheet, sections in SHEETS.items():
        _vendor_sheet(book.add_worksheet(sheet), sections, answers, places, version, heading)
    for sheet in ("High-Risk Evaluation", "Institution Evaluation", "Privacy Analyst Evaluation"):
        _judging_sheet(book.add_worksheet(sheet), places, answers)
    questions = book.add_worksheet("Questions")
    questions.hide()
    _questions(questions)
    _others(book.add_worksheet("Auto Responses"), book.add_worksheet("(backend scoring)"), places)
    book.close()
    return out.getvalue()


def _vendor_sheet(  # noqa: PLR0913, PLR0917 - each is one part of a sheet
    sheet: Worksheet,
    sections: Mapping[str, tuple[str, int]],
    answers: Mapping[str, tuple[str, str]],
    places: dict[str, str],
    version: str,
    heading: Format,
) -> None:
    sheet.merge_range("A1:F1", f"HECVAT - {sheet.get_name()}", heading)
    sheet.merge_range("A2:F2", f"Toolkit version {version}", heading)
    sheet.merge_range("A4:F8", "Fill in the answer column. Guidance appears when an answer is chosen.")
    row = _FIRST_SECTION - 2
    sheet.write_row(row, 0, ["General Information", "", *VENDOR_HEADER[2:]])
    if "GNRL" not in sections:
        for id_ in _MIRRORED:
            row += 1
            _row(sheet, row, id_, places[id_], answers)
        row += 1
    for prefix, (title, count) in sections.items():
        if prefix != "GNRL":
            row += 1
            sheet.merge_range(row, 0, row, 1, f" {title}", heading)
        for number in range(1, count + 1):
            row += 1
            id_ = f"{prefix}-{number:02d}"
            places[id_] = f"'{sheet.get_name()}'!C{row + 1}"
            _row(sheet, row, id_, "", answers)
            if compliant(id_) != "Not scored" or prefix == "REQU":
                sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": ["Yes", "No", "N/A"]})
    if sheet.get_name() == "Privacy":
        sheet.merge_range(row + 1, 0, row + 1, 1, "Company Information", heading)
        for number in range(1, 5):
            _row(sheet, row + 1 + number, f"COMP-{number:02d}", "", {})
    sheet.write(row + 8, 0, "End of sheet")


def _row(sheet: Worksheet, row: int, id_: str, mirrors: str, answers: Mapping[str, tuple[str, str]]) -> None:
    answer, more = answers.get(id_, ("", ""))
    sheet.write_string(row, 0, id_)
    sheet.write_formula(row, 1, f"=VLOOKUP(A{row + 1},Questions!A:B,2,FALSE)", None, "an old text")
    if mirrors:
        sheet.write_formula(row, 2, f"={mirrors}", None, "an old answer")
    elif answer:
        sheet.write_string(row, 2, answer)
    else:
        sheet.write_blank(row, 2, None)
    if more:
        sheet.write_string(row, 3, more)
    sheet.write_formula(row, 4, f'=IF(C{row + 1}="Yes","Say more.","")', None, "Say more.")


def _judging_sheet(
    sheet: Worksheet, places: Mapping[str, str], answers: Mapping[str, tuple[str, str]]
) -> None:
    sheet.merge_range("A1:H1", "For those who judge")
    header = ("Vendor Answer", "Additional Information", "Compliant Response", "Default Importance")
    sheet.write_row(2, 0, ("ID", "Question", *header, "Importance Override", "Analyst Notes"))
    for at, (id_, place) in enumerate(places.items(), 3):
        if compliant(id_) == "Not scored":
            continue
        sheet.write_string(at, 0, id_)
        sheet.write_formula(at, 1, f"=INDEX(Questions!B:B,{at})", None, text_of(id_))
        sheet.write_formula(at, 2, f"={place}", None, answers.get(id_, ("No", ""))[0])
        sheet.write_formula(at, 3, f"={place.replace('!C', '!D')}", None, "an old remark")
        sheet.write_formula(at, 4, f"=INDEX(Questions!U:U,{at})", None, "No")
        sheet.write_formula(at, 5, f"=INDEX(Questions!W:W,{at})", None, "Critical Importance")
    sheet.write_string(5, 7, "Ask for the audit.")


def _questions(sheet: Worksheet) -> None:
    sheet.write_string(0, 0, "Change texts here only")
    sheet.write_row(1, 0, QUESTIONS_HEADER)
    for row, (id_, on) in enumerate(ids(), 2):
        state = compliant(id_)
        order = ROUTES.get(id_)
        values: dict[str, Any] = {
            "New ID": id_,
            "Question": text_of(id_),
            QUESTIONS_HEADER[2 + list(SHEETS).index(on)]: 1,
            "Score Location": on if state != "Not scored" else "Not Scored",
            "Additional Info": 1,
            "Standard Guidance": f"Think of {id_}." if id_ == "DOCU-01" else None,
            "No Guidance": f"DO NOT complete {order}" if order else None,
            "Yes Guidance": f"DO complete {order}" if order else None,
            "Reason": f"{id_} tells how much care is taken.",
            "Compliant Response": state,
            "Default Importance": importance(id_) if state != "Not scored" else None,
            "Default Weight": WEIGHTS[importance(id_)] if state != "Not scored" else None,
        }
        for column, header in enumerate(QUESTIONS_HEADER):
            if values.get(header) is not None:
                sheet.write(row, column, values[header])
        sheet.write_formula(row, 21, f"=IF(U{row + 1}=1,TRUE,FALSE)", None, 1)
    sheet.write_string(340, 0, "End of questions")


def _others(auto: Worksheet, scoring: Worksheet, places: Mapping[str, str]) -> None:
    auto.hide()
    auto.write_row(0, 0, ("Importance", "Points"))
    auto.write_column(1, 0, list(WEIGHTS))
    auto.write_column(1, 1, list(WEIGHTS.values()))
    scoring.hide()
    scoring.write_row(1, 0, ("New ID", "Question", "Section", "Score Mapping", "Max", "Vendor Response"))
    for row, (id_, place) in enumerate(places.items(), 2):
        scoring.write_string(row, 0, id_)
        scoring.write_formula(row, 5, f"=IF({place}=0,0,{place})", None, "Yes")
