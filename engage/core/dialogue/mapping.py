"""A script drawn as a picture, for somebody who must vouch for it and writes no code.

Steps go from top to bottom in the order they can come, inside their section. What
decides whether a step comes is written above it in words, dotted. What raises a
concern is outlined in red and says so in words too, for those who see no red.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from engage.core.dialogue.conditions import in_words
from engage.core.dialogue.reachable import voices_of
from engage.core.dialogue.script import Kind, Option, Script, Section, Step
from engage.core.people import Voice

WIDTH = 760
MARGIN = 24
INDENT = 16
LINE = 20
GAP = 22
CHARACTERS = 84
"""Of 14 px text that fit between the margins of a box."""

KIND_WORDS = {
    Kind.SAY: "The bot says",
    Kind.CHOOSE: "Choose one",
    Kind.CHOOSE_MANY: "Choose any",
    Kind.SCALE: "Choose a point",
    Kind.PEOPLE: "Name people",
    Kind.SORT: "Sort cards",
    Kind.WRITE: "Write (may be left empty, always screened)",
}

_STYLE = (
    "text{font:14px sans-serif;fill:#1b1b1f}.h{font-weight:bold;font-size:17px}"
    ".k{font-size:12px;fill:#4a4a55}.c{font-style:italic;fill:#3b3b70}"
    ".r{fill:#a30016;font-weight:bold}.sec{fill:#f3f1ea;stroke:#8a8676}"
    ".box{fill:#fff;stroke:#55555f}.ask{stroke-width:2}"
    ".red{stroke:#c00020;stroke-width:3}"
    ".dot{fill:none;stroke:#3b3b70;stroke-dasharray:2 4}"
    ".arrow{stroke:#55555f;stroke-width:1.5;marker-end:url(#tip)}"
)
_TIP = (
    '<marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" '
    'orient="auto"><path d="M0 0 8 4 0 8z" fill="#55555f"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Row:
    words: str
    style: str = ""


@dataclass
class _Canvas:
    """Draws from the top down; `y` is how far it has got."""

    y: int = MARGIN
    parts: list[str] = field(default_factory=list)

    def text(self, row: Row, x: int) -> None:
        self.y += LINE
        style = f' class="{row.style}"' if row.style else ""
        self.parts.append(
            f'<text x="{x}" y="{self.y - 5}"{style}>{escape(row.words)}</text>'
        )

    def box(self, style: str, inset: int, top: int, at: int | None = None) -> None:
        """Draw a box from `top` to here; `at` puts it behind what was drawn since."""
        drawn = (
            f'<rect x="{inset}" y="{top}" width="{WIDTH - 2 * inset}" '
            f'height="{self.y - top}" rx="8" class="{style}"/>'
        )
        self.parts.insert(len(self.parts) if at is None else at, drawn)

    def arrow(self) -> None:
        middle, end = WIDTH // 2, self.y + GAP
        self.parts.append(
            f'<path d="M{middle} {self.y}V{end}" class="arrow" aria-hidden="true"/>'
        )
        self.y = end


def draw(script: Script, voice: Voice) -> str:
    """Draw one voice of a script as SVG that needs no other file."""
    canvas = _Canvas()
    canvas.text(Row(f"{script.title.for_voice(voice)} ({script.id})", "h"), MARGIN)
    canvas.text(Row(f"In the {voice} voice. Digest {script.digest}", "k"), MARGIN)
    sections = [s for s in script.sections if _steps(script, s, voice)]
    for section in sections:
        canvas.arrow()
        _section(canvas, script, section, voice)
    return _document(canvas, script, voice, len(sections))


def _document(canvas: _Canvas, script: Script, voice: Voice, sections: int) -> str:
    height = canvas.y + MARGIN
    title = f"{script.title.for_voice(voice)}: map of the {voice} voice"
    about = (
        f"{sections} sections from top to bottom, each with its questions, what can be "
        "answered, when it is asked, and which answers raise a concern."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="t d" lang="en">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(about)}</desc>'
        f"<style>{_STYLE}</style><defs>{_TIP}</defs>\n"
        + "\n".join(canvas.parts)
        + "\n</svg>\n"
    )


def _steps(script: Script, section: Section, voice: Voice) -> list[Step]:
    return [s for s in section.steps if voice in voices_of(script, section, s)]


def _section(canvas: _Canvas, script: Script, section: Section, voice: Voice) -> None:
    top, behind = canvas.y, len(canvas.parts)
    canvas.y += 6
    title = f"{section.title.for_voice(voice)} ({section.arc})"
    canvas.text(Row(title, "h"), MARGIN + INDENT)
    if section.for_each:
        people = f"↻ Once for each person in “{section.for_each}”"
        canvas.text(Row(people, "c"), MARGIN + INDENT)
    for row in _when(in_words(section.when, script, voice)):
        canvas.text(row, MARGIN + INDENT)
    for number, step in enumerate(_steps(script, section, voice)):
        if number:
            canvas.arrow()
        else:
            canvas.y += 8
        _step(canvas, script, step, voice)
    canvas.y += 14
    canvas.box("sec", MARGIN, top, behind)


def _step(canvas: _Canvas, script: Script, step: Step, voice: Voice) -> None:
    inset = MARGIN + INDENT
    conditions = list(_when(in_words(step.when, script, voice)))
    if conditions:
        top = canvas.y
        for row in conditions:
            canvas.text(row, inset + INDENT)
        canvas.y += 4
        canvas.box("dot", inset, top)
    top, behind = canvas.y, len(canvas.parts)
    canvas.y += 4
    for row in _rows(step, voice):
        canvas.text(row, inset + INDENT)
    canvas.y += 8
    raises = any(option.safeguard for option in step.options_for(voice))
    style = "box" + (" ask" if step.asks else "") + (" red" if raises else "")
    canvas.box(style, inset, top, behind)


def _when(words: str) -> Iterator[Row]:
    if words:
        yield from _wrapped(f"Only if {words}", "c")


def _rows(step: Step, voice: Voice) -> Iterator[Row]:
    notes = [KIND_WORDS[step.kind], step.id]
    notes += ["practice, never counted"] if step.practice else []
    notes += ["sensitive"] if step.sensitive else []
    yield Row(" · ".join(notes), "k")
    for text in step.say:
        yield from _wrapped(text.for_voice(voice))
    if step.ask:
        yield from _wrapped("? " + step.ask.for_voice(voice))
    for option in step.options_for(voice):
        yield from _option(option, voice)
    if step.piles:
        piles = (p.text.for_voice(voice) for p in step.piles if voice in p.voices)
        yield from _wrapped("into: " + " / ".join(piles), "k")


def _option(option: Option, voice: Voice) -> Iterator[Row]:
    words = f"• {option.text.for_voice(voice)}"
    if option.safeguard is None:
        yield from _wrapped(words)
    else:
        level, category = option.safeguard.level, option.safeguard.category
        yield from _wrapped(f"{words} ⚑ {level}: {category}", "r")


def _wrapped(words: str, style: str = "") -> Iterator[Row]:
    for line in wrap(words.replace("*", ""), CHARACTERS):
        yield Row(line, style)
