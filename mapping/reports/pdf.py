"""A report as a PDF: A4 sheets set by Typst, tagged for screen readers, fonts embedded, no browser and no network.

Only the worker imports this: Typst is one large library.
"""

import json
import re
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from .blocks import CannotBeMade, Map, Report

SHEET = Path(__file__).with_name("sheet.typ")
FONTS = {
    "source-sans-3.woff2": "Source Sans 3",
    "source-sans-3-wider.woff2": "Source Sans 3 Wider",
    "source-serif-4.woff2": "Source Serif 4",
}
ACCESSIBLE = "ua-1"
FAMILY_NAMES = (1, 4, 16)
# Fills that are not their own token.
FILLS = {
    "budget": "spend-5",
    "estimate": "spend-3",
    "map-other": "map-parallel",
    "map-computing": "page",
}


def write_pdf(report: Report) -> bytes:
    """The report as a PDF, to the accessibility standard PDF/UA-1 unless a letter of it is in no font.

    The same report gives the same bytes. Raises CannotBeMade without a built front-end.
    """
    asked: dict[str, Any] = {
        "sys_inputs": {"report": json.dumps(_plain(report))},
        "font_paths": fonts(),
        "ignore_system_fonts": True,
        "root": str(SHEET.parent),
        "timestamp": int(report.identity.computed_at.timestamp()) if report.identity.computed_at else 0,
    }
    try:
        return _set(pdf_standards=[ACCESSIBLE], **asked)
    except typst.TypstError as error:
        # The standard refuses letters that cannot be shown; the sheet shows a box for them and is tagged as well.
        if "could not be displayed" not in str(error):
            raise
        return _set(**asked)


def _set(**asked: Any) -> bytes:
    """Has Typst set the sheets."""
    made: Any = typst.compile(SHEET, **asked)
    return made


@cache
def fonts() -> typst.Fonts:
    """The product's own fonts, which the browser is sent compressed, as Typst reads them."""
    for name, family in FONTS.items():
        font = TTFont(_built(f"fonts/{name}"))
        font.flavor = None
        for record in font["name"].names:
            if record.nameID in FAMILY_NAMES:
                record.string = family.encode(record.getEncoding())
        font.save(Path(_font_folder().name) / f"{family}.ttf")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_font_folder().name])


@cache
def _font_folder() -> tempfile.TemporaryDirectory:
    """Where the fonts lie as long as this process lives: Typst reads each when it first needs it."""
    return tempfile.TemporaryDirectory(prefix="totalplace-fonts-")


@cache
def colours() -> dict[str, str]:
    """The light colours of the design by token, from the built styles."""
    light = re.search(r":root\{color-scheme:light;([^}]*)\}", Path(_built("totalplace.css")).read_text("utf-8"))
    if light is None:
        raise CannotBeMade("The built styles hold no colours: run node static/build.mjs.")
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", light[1]))
    return found | {name: found[token] for name, token in FILLS.items()}


def _built(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise CannotBeMade(f"static/dist/{name} is missing: run node static/build.mjs.")
    return path


def _plain(report: Report) -> dict[str, Any]:
    """The report with its colours as JSON has it, with its map as a picture."""
    said = asdict(report)
    identity = report.identity
    said["identity"] |= {"title": identity.title, "made_from": identity.made_from}
    for section, plain in zip(report.sections, said["sections"], strict=True):
        for block, drawn in zip(section.blocks, plain["blocks"], strict=True):
            if isinstance(block, Map):
                drawn |= {"picture": picture(block), "areas": [], "land": ""}
    del said["identity"]["computed_at"]
    return {**said, "colours": colours()}


def picture(map_: Map) -> str:
    """The map as an SVG that stands alone, with colours instead of classes."""
    paint, (left, top, width, height) = colours(), map_.view
    line, land = paint["category-rest-line"], paint["rule"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}">',
        f'<path d="{map_.land}" fill="#ffffff" stroke="{land}" stroke-width="12"/>',
    ]
    for area in map_.areas:
        outline, fill = paint["map-line"] if area.is_chosen else line, paint.get(area.fill, "#ffffff")
        parts.append(f'<path d="{area.path}" fill="{fill}" stroke="{outline}" stroke-width="10"/>')
    return "".join([*parts, "</svg>"])
