"""The hand-over as a PDF: what is known, and the child's words as they were said."""

import unicodedata
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from engage import paths
from engage.core.duty.concern_form import (
    GROUPS,
    RECEIPT,
    Field,
    Group,
    filled,
    left_empty,
)
from engage.core.duty.hand_over import routes
from engage.core.safeguarding.clock import SCOTLAND
from engage.services.handing_over import Draft

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT, _NASKH = "dejavu", "naskh"
_SIZE, _SMALL, _HEADING, _TITLE = 10.5, 9, 12.5, 16
_LINE = 0.5
"""Height of a line in millimetres, for each point of its letters."""
_LARGER = 1.2
"""Letters of Arabic scripts are smaller in their font, at the same size."""
_MARGIN, _INSET = 18, 5
_FONTS = paths.STATIC / "fonts"
_FILE = _FONTS / "DejaVuSans.ttf"
_ALSO = _FONTS / "NotoNaskhArabic-Regular.ttf"
"""For Arabic scripts: the first font lacks letters of Urdu, and letters join only
within one font."""
_JOINERS = "\u200d\ufe0e\ufe0f"
"""How letters are joined and coloured: nothing is said by them alone."""
_RECEIPT = Group("receipt", "Receipt", RECEIPT)


def pdf(draft: Draft, now: datetime) -> bytes:
    """The page or pages, A4, black on white."""
    flag, form = draft.opened.flag, draft.shown(draft.form)
    document = _document(flag.reference)
    _line(document, f"Concern {flag.reference}", _TITLE)
    _line(document, "CONFIDENTIAL. Only for those whose job is to keep people safe.")
    if draft.opened.drill:
        _line(document, "DRILL: nobody is in danger.", _HEADING)
    _line(document, f"{draft.opened.area}. Raised {_when(flag.raised_at)}.")
    _line(document, f"Routes: {' and '.join(routes(form.get('age', '')))}.")
    _line(document, f"Printed {_when(now)}.", _SMALL)
    _words(document, draft)
    for group in GROUPS:
        _group(document, group, filled(group, form))
    _group(document, _RECEIPT, filled(_RECEIPT, draft.receipt))
    document.ln(3)
    if draft.last is not None:
        saved = f"{draft.last.by}, {_when(draft.last.at)}"
        _line(document, f"Version {draft.version}, {saved}.", _SMALL)
    if empty := left_empty(form):
        said = "; ".join(empty)
        _line(document, f"Left empty, since it is not known here: {said}.", _SMALL)
    return bytes(document.output())


def _document(reference: str) -> "FPDF":
    # Imported here: it takes memory, and most processes never print.
    from fpdf import FPDF, ViewerPreferences

    # Replaced by the number of pages wherever it stands: nothing a child would write.
    pages = f"{{pages of {reference}}}"

    class Paged(FPDF):
        def footer(self) -> None:
            self.set_xy(_MARGIN, -14)
            self.set_font(_FONT, size=_SMALL)
            # From the left: what stands for the number of pages is wider than it.
            self.cell(
                0, 8, f"CONFIDENTIAL · {reference} · page {self.page_no()} of {pages}"
            )

    document = Paged(format="A4")
    document.alias_nb_pages(pages)
    document.set_title(f"Concern {reference}")
    document.set_lang("en-GB")
    document.set_creator("Engage")
    document.viewer_preferences = ViewerPreferences(display_doc_title=True)
    document.add_font(_FONT, fname=str(_FILE))
    document.add_font(_NASKH, fname=str(_ALSO))
    document.set_fallback_fonts([_FONT, _NASKH])
    document.set_font(_FONT, size=_SIZE)
    # Arabic letters are joined, and run from right to left.
    document.set_text_shaping(use_shaping_engine=True)
    document.set_margin(_MARGIN)
    document.set_auto_page_break(auto=True, margin=_MARGIN)
    document.add_page()
    return document


def _words(document: "FPDF", draft: Draft) -> None:
    _heading(document, "What was said, word for word")
    if altered := draft.opened.altered:
        said = f"Parts that have been altered, and so cannot be read here: {altered}."
        _line(document, said)
    for note in draft.opened.notes:
        if note.of_staff or not note.words:
            continue
        asked = f"Asked: {note.prompt}" if note.prompt else "Said"
        _line(document, f"{_when(note.said_at)}. {asked}", _SMALL)
        _line(document, note.words, inset=True)


def _group(document: "FPDF", group: Group, pairs: list[tuple[Field, str]]) -> None:
    if pairs:
        _heading(document, group.title)
    for field, value in pairs:
        _line(document, field.label, _SMALL)
        _line(document, value, inset=True)


def _heading(document: "FPDF", title: str) -> None:
    document.ln(3)
    document.start_section(title)
    _line(document, title, _HEADING)


def _line(
    document: "FPDF", text: str, size: float = _SIZE, *, inset: bool = False
) -> None:
    document.set_left_margin(_MARGIN + (_INSET if inset else 0))
    document.set_x(document.l_margin)
    for line in shown(text).split("\n"):
        kinds = [unicodedata.bidirectional(letter) for letter in line]
        if "AL" in kinds:
            document.set_font(_NASKH, size=size * _LARGER)
        else:
            document.set_font(_FONT, size=size)
        align = "R" if _from_the_right(kinds) else "L"
        document.multi_cell(
            0, size * _LINE, line or " ", new_x="LMARGIN", new_y="NEXT", align=align
        )
    document.set_left_margin(_MARGIN)
    document.ln(0.8)


def _from_the_right(kinds: list[str]) -> bool:
    """Whether its first letter belongs to a script that runs from right to left."""
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def shown(text: str) -> str:
    """The text with whatever the fonts cannot draw spelled out: nothing is lost."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(map(_drawable, text))


@cache
def _drawable(letter: str) -> str:
    if letter in _JOINERS:
        return ""
    # A soft hyphen is drawn only where a line ends, and would be lost elsewhere.
    if letter == "\n" or (ord(letter) in _letters() and letter != "\u00ad"):
        return letter
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
