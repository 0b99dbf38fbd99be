"""Make the master of the board's slides: ``python tools/board_master.py`` writes board.pptx.

A presentation without slides: theme, master, three layouts and the master of the notes, all written here, so
that nothing of anybody's template is in it. The same bytes each time: members are stored, not compressed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from evalkit.views.palette import INK, LIMIT, LINE, MARK, MUTED, RANGE

TARGET = Path(__file__).resolve().parent.parent / "evalkit" / "reports" / "board" / "pptx_deck" / "board.pptx"

POINT = 12700
WIDTH, HEIGHT = 960, 540
LEFT, INNER = 48, 864
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument"
LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
SCRIPTS = {
    "Jpan": "Yu Gothic",
    "Hang": "Malgun Gothic",
    "Hans": EAST_ASIAN,
    "Hant": "Microsoft JhengHei",
    "Arab": LATIN,
    "Hebr": LATIN,
    "Thai": "Leelawadee UI",
    "Deva": "Nirmala UI",
}
COLOURS = {
    "dk1": INK,
    "lt1": "#ffffff",
    "dk2": MUTED,
    "lt2": "#eef1f4",
    "accent1": MARK,
    "accent2": RANGE,
    "accent3": LIMIT,
    "accent4": "#3f7a55",
    "accent5": "#8a6d1a",
    "accent6": LINE,
    "hlink": MARK,
    "folHlink": MUTED,
}
LAYOUTS = ("Title", "Content", "Appendix")


def theme() -> str:
    """Return the theme: colours of the palette, and fonts that every office has."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{code[1:]}"/></a:{name}>' for name, code in COLOURS.items())
    others = "".join(f'<a:font script="{script}" typeface="{font}"/>' for script, font in SCRIPTS.items())
    fonts = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface="{LATIN}"/>{others}'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEADER}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Board">'
        f'<a:themeElements><a:clrScheme name="Board">{colours}</a:clrScheme><a:fontScheme name="Board">'
        f"<a:majorFont>{fonts}</a:majorFont><a:minorFont>{fonts}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Board"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}'
        f"</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}"
        "</a:bgFillStyleLst></a:fmtScheme></a:themeElements><a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    )


def placed(left: float, top: float, width: float, height: float) -> str:
    """Return where a shape stands, in points."""
    x, y, cx, cy = (round(part * POINT) for part in (left, top, width, height))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'


def tree(*shapes: str | Placeholder) -> str:
    """Return the shapes of a slide, a layout or a master."""
    return (
        '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        "<p:grpSpPr><a:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm>'
        f"</p:grpSpPr>{''.join(map(str, shapes))}</p:spTree>"
    )


class Placeholder(NamedTuple):
    """A placeholder: ``kind`` are the attributes of its p:ph, ``frame`` those of its text's frame."""

    number: int
    name: str
    kind: str
    where: str
    style: str = ""
    content: str = ""
    frame: str = ""

    def __str__(self) -> str:
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self.number}" name="{self.name}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {self.kind}/></p:nvPr></p:nvSpPr><p:spPr>'
            f'{self.where}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
            f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" {self.frame}><a:normAutofit/></a:bodyPr>'
            f"<a:lstStyle>{self.style}</a:lstStyle><a:p>{self.content or prompt(self.name)}</a:p>"
            "</p:txBody></p:sp>"
        )


def band(number: int, colour: str, where: str) -> str:
    """Return a filled rectangle that means nothing."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Band {number}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{where}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def level(size: float, colour: str = "tx1", align: str = "l", *, bold: bool = False) -> str:
    """Return the style of a placeholder's first level."""
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/>'
        "</a:solidFill></a:defRPr></a:lvl1pPr>"
    )


NUMBER_FIELD = (
    '<a:fld id="{6E0C8B5B-3F6B-4B0E-9C39-6D2B3C1A9F10}" type="slidenum">'
    '<a:rPr lang="en-GB"/><a:t>1</a:t></a:fld>'
)


def feet(first: int) -> tuple[Placeholder, Placeholder]:
    """Return the placeholders of the footer and of the slide's number."""
    return (
        Placeholder(
            first,
            "Footer",
            'type="ftr" sz="quarter" idx="11"',
            placed(LEFT, 508, 690, 16),
            level(10, "tx2"),
            "",
            'anchor="ctr"',
        ),
        Placeholder(
            first + 1,
            "Slide number",
            'type="sldNum" sz="quarter" idx="12"',
            placed(LEFT + INNER - 164, 508, 164, 16),
            level(10, "tx2", "r"),
            NUMBER_FIELD,
            'anchor="ctr"',
        ),
    )


def prompt(text: str) -> str:
    """Return the text of an empty placeholder."""
    return f'<a:r><a:rPr lang="en-GB"/><a:t>{text}</a:t></a:r>'


def master() -> str:
    """Return the master: what all layouts share."""
    sizes = "".join(
        f'<a:lvl{number}pPr marL="{(number - 1) * 228600}" indent="0" algn="l" rtl="0" eaLnBrk="1"'
        f' latinLnBrk="0" hangingPunct="1"><a:buNone/><a:defRPr sz="1600" kern="1200"><a:solidFill>'
        f'<a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/>'
        f'<a:cs typeface="+mn-cs"/></a:defRPr></a:lvl{number}pPr>'
        for number in range(1, 6)
    )
    title = (
        '<a:lvl1pPr algn="l" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:lnSpc>'
        '<a:spcPct val="95000"/>'
        '</a:lnSpc><a:buNone/><a:defRPr sz="2600" b="1" kern="1200"><a:solidFill><a:schemeClr val="tx1"/>'
        '</a:solidFill><a:latin typeface="+mj-lt"/><a:ea typeface="+mj-ea"/><a:cs typeface="+mj-cs"/>'
        "</a:defRPr></a:lvl1pPr>"
    )
    layouts = "".join(
        f'<p:sldLayoutId id="{2147483649 + place}" r:id="rId{place + 1}"/>' for place in range(len(LAYOUTS))
    )
    shapes = tree(
        Placeholder(
            2,
            "Title",
            'type="title"',
            placed(LEFT, 26, INNER, 64),
            "",
            "",
            'anchor="ctr"',
        ),
        Placeholder(
            3,
            "Text",
            'type="body" idx="1"',
            placed(LEFT, 108, INNER, 384),
            "",
            "",
        ),
        *feet(4),
    )
    return (
        f"{HEADER}<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill>"
        f'<a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>{shapes}</p:cSld>'
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
        ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink"'
        f' folHlink="folHlink"/><p:sldLayoutIdLst>{layouts}</p:sldLayoutIdLst>'
        '<p:hf hdr="0" dt="0"/>'
        f"<p:txStyles><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{sizes}</p:bodyStyle>"
        f"<p:otherStyle>{sizes}</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def layout(name: str) -> str:
    """Return a layout by its name."""
    if name == "Title":
        kind = 'type="title"'
        shapes: tuple[str | Placeholder, ...] = (
            band(2, "accent1", placed(0, 0, 24, HEIGHT)),
            Placeholder(
                3,
                "Kind",
                'type="subTitle" idx="1"',
                placed(84, 92, 792, 24),
                level(16, "accent1", bold=True),
                "",
                'anchor="b"',
            ),
            Placeholder(
                4,
                "Title",
                'type="ctrTitle"',
                placed(84, 124, 792, 128),
                level(40, bold=True),
                "",
                'anchor="t"',
            ),
            Placeholder(
                5,
                "Facts",
                'type="body" sz="quarter" idx="13"',
                placed(84, 284, 792, 200),
                level(16, "tx2"),
                "",
            ),
            *feet(6),
        )
    else:
        kind = 'type="titleOnly"'
        colour = "accent1" if name == "Content" else "tx2"
        shapes = (
            band(2, colour, placed(0, 0, WIDTH, 6)),
            band(3, "accent6", placed(LEFT, 96, INNER, 0.75)),
            Placeholder(
                4,
                "Title",
                'type="title"',
                placed(LEFT, 26, INNER, 64),
                "" if name == "Content" else level(24, bold=True),
                "",
                'anchor="ctr"',
            ),
            *feet(5),
        )
    return (
        f'{HEADER}<p:sldLayout {SPACES} {kind} preserve="1"><p:cSld name="{name}">{tree(*shapes)}</p:cSld>'
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def notes_master() -> str:
    """Return the master of the notes: the slide above, what is said below."""
    picture = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide"/><p:cNvSpPr><a:spLocks noGrp="1" noRot="1"'
        ' noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr>'
        f'{placed(54, 54, 432, 243)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        '<a:ln w="9525"><a:solidFill><a:schemeClr val="accent6"/></a:solidFill></a:ln></p:spPr></p:sp>'
    )
    text = Placeholder(3, "Notes", 'type="body" sz="quarter" idx="3"', placed(54, 324, 432, 340), "", "")
    return (
        f"{HEADER}<p:notesMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill>"
        f'<a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>{tree(picture, text)}</p:cSld>'
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
        ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink"'
        ' folHlink="folHlink"/><p:notesStyle><a:lvl1pPr marL="0" algn="l"><a:defRPr sz="1200"><a:solidFill>'
        '<a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/>'
        '<a:cs typeface="+mn-cs"/></a:defRPr></a:lvl1pPr></p:notesStyle></p:notesMaster>'
    )


def presentation() -> str:
    """Return the presentation: its size, and the masters."""
    return (
        f'{HEADER}<p:presentation {SPACES} saveSubsetFonts="1"><p:sldMasterIdLst>'
        '<p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:notesMasterIdLst>'
        '<p:notesMasterId r:id="rId2"/></p:notesMasterIdLst><p:sldIdLst/>'
        f'<p:sldSz cx="{WIDTH * POINT}" cy="{HEIGHT * POINT}"/><p:notesSz cx="6858000" cy="9144000"/>'
        '<p:defaultTextStyle><a:defPPr><a:defRPr lang="en-GB"/></a:defPPr>'
        '<a:lvl1pPr marL="0" algn="l" rtl="0">'
        '<a:defRPr sz="1600" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
        '<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr>'
        "</a:lvl1pPr></p:defaultTextStyle></p:presentation>"
    )


def relations(*targets: tuple[str, str]) -> str:
    """Return relations rId1, rId2 ... as (kind, target)."""
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return (
        f'{HEADER}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}'
        "</Relationships>"
    )


def content_types() -> str:
    """Return the kind of each part."""
    kinds = {
        "/ppt/presentation.xml": "presentationml.presentation.main",
        "/ppt/slideMasters/slideMaster1.xml": "presentationml.slideMaster",
        "/ppt/notesMasters/notesMaster1.xml": "presentationml.notesMaster",
        "/ppt/theme/theme1.xml": "theme",
        "/ppt/theme/theme2.xml": "theme",
        "/ppt/presProps.xml": "presentationml.presProps",
        "/ppt/tableStyles.xml": "presentationml.tableStyles",
        "/docProps/app.xml": "extended-properties",
    }
    for number in range(1, len(LAYOUTS) + 1):
        kinds[f"/ppt/slideLayouts/slideLayout{number}.xml"] = "presentationml.slideLayout"
    rows = "".join(
        f'<Override PartName="{part}" ContentType="{TYPES}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    return (
        f'{HEADER}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def members() -> dict[str, str]:
    """Return the parts of the presentation by their path, in order."""
    layouts = [("slideLayout", f"../slideLayouts/slideLayout{n}.xml") for n in range(1, len(LAYOUTS) + 1)]
    parts = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(
            ("officeDocument", "ppt/presentation.xml"), ("extended-properties", "docProps/app.xml")
        ),
        "docProps/app.xml": (
            f'{HEADER}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            'extended-properties"><Application>evalkit</Application></Properties>'
        ),
        "ppt/presentation.xml": presentation(),
        "ppt/_rels/presentation.xml.rels": relations(
            ("slideMaster", "slideMasters/slideMaster1.xml"),
            ("notesMaster", "notesMasters/notesMaster1.xml"),
            ("theme", "theme/theme1.xml"),
            ("presProps", "presProps.xml"),
            ("tableStyles", "tableStyles.xml"),
        ),
        "ppt/presProps.xml": f"{HEADER}<p:presentationPr {SPACES}/>",
        "ppt/tableStyles.xml": (
            f'{HEADER}<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
            ' def="{2D5ABB26-0587-4C30-8999-92F81FD0307C}"/>'
        ),
        "ppt/theme/theme1.xml": theme(),
        "ppt/theme/theme2.xml": theme(),
        "ppt/slideMasters/slideMaster1.xml": master(),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(*layouts, ("theme", "../theme/theme1.xml")),
        "ppt/notesMasters/notesMaster1.xml": notes_master(),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relations(("theme", "../theme/theme2.xml")),
    }
    for number, name in enumerate(LAYOUTS, start=1):
        parts[f"ppt/slideLayouts/slideLayout{number}.xml"] = layout(name)
        parts[f"ppt/slideLayouts/_rels/slideLayout{number}.xml.rels"] = relations(
            ("slideMaster", "../slideMasters/slideMaster1.xml")
        )
    return parts


def template() -> bytes:
    """Return the presentation, the same bytes on every machine."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        for name, content in members().items():
            info = ZipInfo(name)
            info.create_system = 3
            archive.writestr(info, content.encode())
    return held.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(template())
    print(f"wrote {TARGET}")
