"""Registry files as the registry editor exports them."""

from __future__ import annotations

from contextlib import suppress

import pytest

from evalkit.hardening.registry_text import read_registry

HEAD = "Windows Registry Editor Version 5.00\r\n\r\n"


def read(text: str) -> dict[str, dict[str, object]]:
    exported = b"\xff\xfe" + (HEAD + text.replace("\n", "\r\n")).encode("utf-16-le")
    return {key: dict(values) for key, values in read_registry(exported).items()}


def test_every_type_of_value_is_read() -> None:
    text = r"""[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Acme]
; a remark
"Text"="C:\\Program Files \"x\" [y]=z"
"Number"=dword:0000002a
"Large"=hex(b):2a,00,00,00,01,00,00,00
"Expanded"=hex(2):25,00,54,00,45,00,4d,00,\
  50,00,25,00,00,00
"Several"=hex(7):61,00,00,00,62,00,00,00,00,00
"Bytes"=hex:01,ff
@="of the key"
"""
    assert read(text) == {
        r"hklm\software\policies\acme": {
            "Text": r'C:\Program Files "x" [y]=z',
            "Number": 42,
            "Large": 42 + 2**32,
            "Expanded": "%TEMP%",
            "Several": ("a", "b"),
            "Bytes": "hex:01ff",
            "": "of the key",
        }
    }


def test_a_text_may_have_several_lines() -> None:
    assert read('[HKLM\\A]\n"Settings"="{\n  \\"a\\": 1\n}"\n') == {"hklm\\a": {"Settings": '{\n  "a": 1\n}'}}


def test_what_a_file_takes_away_is_not_there_and_what_it_sets_after_is() -> None:
    text = '[HKLM\\A]\n"x"="1"\n"X"="2"\n"y"="3"\n"y"=-\n[HKLM\\A\\B]\n"z"="4"\n[-HKLM\\A\\B]\n'
    assert read(text) == {"hklm\\a": {"X": "2"}, "hklm\\a\\b": {}}
    assert read(text + '[HKLM\\A\\B]\n"z"="5"\n')["hklm\\a\\b"] == {"z": "5"}
    assert read(text + "[-HKEY_LOCAL_MACHINE\\A]\n")["hklm\\a"] == {}
    assert read(text + "[-HKLM\\A\\Bb]\n")["hklm\\a"] == {"X": "2"}


@pytest.mark.parametrize("raw", [HEAD.encode(), b"\xef\xbb\xbf" + HEAD.encode(), b"REGEDIT4\n\n"])
def test_other_encodings_and_the_old_heading_are_read(raw: bytes) -> None:
    assert read_registry(raw + b'[HKLM\\A]\n"x"="1"') == {"hklm\\a": {"x": "1"}}


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ('"x"="1"\n', "line 3"),
        ('[HKLM\\A]\n"x"="1\n', "line 4"),
        ('[HKLM\\A]\n"x"=sz:1\n', "line 4"),
        ("[HKLM\\A]\n\nhello\n", "line 5"),
        ("[HKLM\\A] x\n", "line 3"),
        ('[-HKLM\\A]\n"x"="1"\n', "line 4"),
        (f"[HKLM\\{'A' * 5000}]\n", "line 3"),
        ('[HKLM\\A]\n"x"=hex(2):00\n', "truncated"),
    ],
)
def test_what_is_no_registry_file_is_said_with_its_line(text: str, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        read(text)
    with pytest.raises(ValueError, match="line 1 is not Windows Registry Editor"):
        read_registry(b"[HKLM\\A]\n")


@pytest.mark.parametrize(
    "part", ["\\\\", '"', " ", "[", "\n", "00,", "00,\\\n", "[HKLM\\A]\n", "[-A]\n", '"a"=-\n']
)
@pytest.mark.parametrize("start", ['"a"="', '"a"=hex:', "", "["])
def test_no_repetition_takes_more_than_its_length(start: str, part: str) -> None:
    """Time that grows with the square of this length would be hours."""
    text = f"REGEDIT4\n[HKLM\\A]\n{start}{part * 100_000}"
    with suppress(ValueError):
        read_registry(text.encode())
