"""The hand-over as a PDF: what is known, and the child's words as they were said."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from engage import paths
from engage.core.duty.hand_over import GROUPS, RECEIPT, Field, Form, routes
from engage.core.safeguarding.clock import SCOTLAND
from engage.services.handing_over import Draft

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT, _SIZE, _SMALL, _TITLE = "dejavu", 10.5, 9, 16
_MARGIN = 18
_FONTS = paths.STATIC / "fonts"
_FILE = _FONTS / "DejaVuSans.ttf"
_ALSO = _FONTS / "NotoNaskhArabic-Regular.ttf"
"""For the letters of Urdu that the first one lacks."""
_LEFT_TO_RIGHT_MARKS = {"\u200e", "\u200f", "\u2066", "\u2067", "\u2068", "\u2069"}


def pdf(draft: Draft, now: datetime) -> bytes:
    """The page or pages, A4, black on white."""
    document = _document(draft.opened.flag.reference)
    flag = draft.opened.flag
    _line(document, f"Concern {flag.reference}", _TITLE)
    _line(document, "CONFIDENTIAL. Only for those whose job is to keep people safe.")
    _line(document, f"{draft.opened.area}. Raised {_when(flag.raised_at)}.")
    _line(document, f"Routes: {' and '.join(routes(draft.form.get('age', '')))}.")
    _line(document, f"Printed {_when(now)}.", _SMALL)
    _heading(document, "What was said, word for word")
    for note in draft.opened.notes:
        if note.of_staff or not note.words:
            continue
        asked = f"Asked: {note.prompt}" if note.prompt else "Said"
        _line(document, f"{_when(note.said_at)}. {asked}", _SMALL)
        _line(document, f"“{note.words}”")
    for group in GROUPS:
        _group(document, group.title, group.fields, draft.form)
    if draft.receipt:
        _group(document, "Receipt", RECEIPT, draft.receipt)
    return bytes(document.output())


def _document(reference: str) -> "FPDF":
    # Imported here: it takes memory, and most processes never print.
    from fpdf import FPDF

    class Paged(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(_FONT, size=_SMALL)
            said = f"{reference} · page {self.page_no()} of {{nb}} · CONFIDENTIAL"
            self.cell(0, 8, said, align="C")

    document = Paged(format="A4")
    document.set_title(f"Concern {reference}")
    document.set_lang("en-GB")
    document.set_creator("Engage")
    document.add_font(_FONT, fname=str(_FILE))
    document.add_font("naskh", fname=str(_ALSO))
    document.set_fallback_fonts(["naskh"])
    document.set_font(_FONT, size=_SIZE)
    # Arabic letters are joined, and run from right to left.
    document.set_text_shaping(use_shaping_engine=True)
    document.set_margin(_MARGIN)
    document.set_auto_page_break(auto=True, margin=_MARGIN)
    document.add_page()
    return document


def _group(document: "FPDF", title: str, fields: Iterable[Field], form: Form) -> None:
    said = [(field, form[field.id]) for field in fields if form.get(field.id)]
    if not said:
        return
    _heading(document, title)
    for field, value in said:
        _line(document, field.label, _SMALL)
        _line(
            document,
            dict(field.options).get(value, value.replace("T", " ", 1))
            if field.options or field.kind == "time"
            else value,
        )


def _heading(document: "FPDF", title: str) -> None:
    document.ln(3)
    document.start_section(title)
    _line(document, title, 12.5)


def _line(document: "FPDF", text: str, size: float = _SIZE) -> None:
    document.set_font(_FONT, size=size)
    for line in shown(text).split("\n"):
        document.multi_cell(
            0, size * 0.55, line or " ", new_x="LMARGIN", new_y="NEXT", align="L"
        )
    document.ln(0.8)


def shown(text: str) -> str:
    """The text with whatever the font cannot draw spelled out: nothing is lost."""
    return "".join(map(_drawable, text))


@cache
def _drawable(letter: str) -> str:
    if letter == "\n" or ord(letter) in _letters():
        return letter
    if letter in _LEFT_TO_RIGHT_MARKS or letter in "\ufe0e\ufe0f\u200d\r":
        return ""
    name = unicodedata.name(letter, "character").lower()
    return f"[U+{ord(letter):04X} {name}]"


@cache
def _letters() -> frozenset[int]:
    """What the fonts can draw."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for file in (_FILE, _ALSO):
        with TTFont(file) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


def _when(at: datetime) -> str:
    return f"{at.astimezone(SCOTLAND):%H:%M on %d %B %Y}"
