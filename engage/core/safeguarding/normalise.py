"""A message as plain words, each with the place in the child's own text it came from.

People type in many ways that mean the same: capitals, stretched letters, digits for
letters, spaces between letters, none between words. What is looked for is written once,
plainly, and this brings the many ways down to it. Nothing is ever lost: where a word
could be read otherwise it stays as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engage.core.safeguarding.spelling import Spelling

MOST = 60_000
"""Characters that are looked at: far more than a talk takes in one answer."""
STOP = "."
"""How the end of a sentence reads among the words."""
_APOSTROPHES = frozenset("'`\u2018\u2019\u02bc\u00b4\u02b9\u2032")
"""Left out, since half of all people do: `don't` and `dont` are one word."""
_GONE = frozenset(
    (
        *"\u00ad\u034f\u061c\u0640\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff",
        *(chr(n) for n in range(0x202A, 0x202F)),
        *(chr(n) for n in range(0x2066, 0x206A)),
        *(chr(n) for n in range(0xFE00, 0xFE10)),
    )
)
_FOLDED = str.maketrans(
    # Letters that Arabic and Urdu write in several ways, and nobody keeps apart.
    "\u0623\u0625\u0622\u0671\u0649\u06cc\u06d2\u0629\u06a9\u06c1\u06be\u06c3\u0624\u0626",
    "\u0627\u0627\u0627\u0627\u064a\u064a\u064a\u0647\u0643\u0647\u0647\u0647\u0648\u064a",
)
_BETWEEN = re.compile(r"[^'`]+")
_LETTERS_FOR = str.maketrans("01345789@$!|+", "oieastbgasiit")
_ALIKE = str.maketrans("авекмнорстухіјѕԁο", "abekmhopctyxijsdo")
"""Cyrillic and Greek that look Latin: only inside a word that has Latin beside them."""
_TOKEN = re.compile(
    r"(?P<word>[^\W_]+(?:[@$!|+*.\-_](?=[^\W_])[^\W_]+)*)"
    r"|(?P<end>[.!?;\n\u061f\u06d4\u2026]+)"
    r"|(?P<sign>[\u2600-\u27bf\U0001f300-\U0001faff])(?P=sign)*"
)
"""Words, ends of sentences, and emoji: one for as many as stand in a row."""
_SPELLED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][\W_]+){2}[^\W\d_](?![^\W_])")
"""Three letters, each by itself."""
_CODE = re.compile(r"[@$!|+013457]")
_JOINTS = re.compile(r"[*.\-_]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LATIN = re.compile(r"[a-z]")
_LEAST_SPACED, _LEAST_RUN, _LONGEST_RUN = 3, 12, 600


class Word(NamedTuple):
    """One plain word. `start`, `end`: where it stands in the text as typed."""

    text: str
    start: int
    end: int


def words(text: str, spelling: Spelling) -> list[Word]:
    """The words of a message, with `STOP` where a sentence ends."""
    folded, places = _fold(text[:MOST])
    known = spelling.words
    found: list[Word] = []
    if _SPELLED_OUT.search(folded):
        whole = [Word(*each) for each in _tokens(folded)]
        tokens: Iterable[tuple[str, int, int]] = _spelled_out(whole, spelling, places)
    else:
        tokens = _tokens(folded)
    for text, start, end in tokens:
        if text == STOP or text in known:
            found.append(Word(text, places[start], places[end]))
        else:
            found += [
                Word(plain.text, places[plain.start], places[plain.end])
                for plain in _plain(Word(text, start, end), spelling)
            ]
    return found


def plain(text: str) -> str:
    """Words that somebody wrote into a list, in the form in which they are met."""
    return _fold(text)[0]


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Small letters in one form, and where each came from (one more for the end)."""
    return _fold_ascii(text) if text.isascii() else _fold_any(text)


def _fold_any(text: str) -> tuple[str, list[int]]:
    out: list[str] = []
    places: list[int] = []
    latin = False
    for at, char in enumerate(text):
        if char in _GONE or char in _APOSTROPHES:
            continue
        if char < "\x80":
            latin = char.isalpha()
            out.append(char.lower())
            places.append(at)
            continue
        if unicodedata.combining(char):
            # Marks of vowels in Arabic; accents that stand beside a Latin letter.
            if not latin and not "\u0600" <= char <= "\u06ff":
                out.append(char)
                places.append(at)
            continue
        for each in _form(char):
            latin = "a" <= each <= "z"
            out.append(each)
            places.append(at)
    places.append(len(text[:MOST]))
    return "".join(out), places


def _fold_ascii(text: str) -> tuple[str, Sequence[int]]:
    kept = [match.span() for match in _BETWEEN.finditer(text)]
    if len(kept) <= 1 and len(text) == sum(end - start for start, end in kept):
        return text.lower(), range(len(text) + 1)
    plain = "".join(text[start:end] for start, end in kept)
    places = [at for start, end in kept for at in range(start, end)]
    return plain.lower(), [*places, len(text)]


def _form(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).casefold()
    parts = unicodedata.normalize("NFD", plain)
    if parts and "a" <= parts[0] <= "z":
        plain = "".join(p for p in parts if not unicodedata.combining(p))
    return plain.replace("ł", "l").translate(_FOLDED)


def _tokens(folded: str) -> Iterator[tuple[str, int, int]]:
    """As a `Word`, but made faster: most are done with at once."""
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "word":
            yield folded[start:end], start, end
        else:
            yield STOP if kind == "end" else folded[start], start, end


def _spelled_out(
    tokens: Sequence[Word], spelling: Spelling, places: Sequence[int]
) -> Iterator[Word]:
    """`k m s` as one word, if that is one, and `h e h i t s m e` as its words."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and (
            _is_letter(tokens[end].text)
            or (end > at and _is_clipped(tokens[end], places))
        ):
            end += 1
        run = tokens[at:end]
        yield from _joined(run, spelling) if len(run) >= _LEAST_SPACED else run
        if end < len(tokens):
            yield tokens[end]
        at = end + 1


def _joined(run: Sequence[Word], spelling: Spelling) -> Iterator[Word]:
    text = "".join(each.text for each in run)
    if spelling.known(text):
        yield Word(text, run[0].start, run[-1].end)
        return
    pieces = spelling.broken(text) if len(run) <= _LONGEST_RUN else []
    if not pieces or len(pieces) * 2 > len(run):
        yield from run
        return
    letters = [at for each in run for at in range(each.start, each.end)]
    at = 0
    for piece in pieces:
        end = at + len(piece)
        yield Word(piece, letters[at], letters[end - 1] + 1)
        at = end


def _is_clipped(word: Word, places: Sequence[int]) -> bool:
    """The `m's` of `m u m's`: two or three letters with an apostrophe between."""
    letters, last = len(word.text), word.end - 1
    typed = places[last] - places[word.start] + 1
    return 2 <= letters <= 3 and typed == letters + 1 and word.text.isalpha()


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalpha()


def _plain(word: Word, spelling: Spelling) -> list[Word]:
    text = word.text
    if not text[0].isalnum() or spelling.known(text):
        return [word]
    if _JOINTS.search(text):
        joined = _JOINTS.sub("", text)
        if spelling.known(joined):
            return [word._replace(text=joined)]
        return _parts(word, spelling)
    text = _unmixed(text)
    for reading in _readings(text):
        if spelling.known(reading):
            return [word._replace(text=reading)]
    if len(text) >= _LEAST_RUN and len(text) == word.end - word.start:
        broken = _broken(word, text, spelling)
        if broken:
            return broken
    text = _STRETCHED.sub(r"\1", text)
    return [word._replace(text=spelling.meant(text) or text)]


def _parts(word: Word, spelling: Spelling) -> list[Word]:
    """`mum.dad` and `half-term` are two words."""
    found = []
    for match in re.finditer(r"[^*.\-_]+", word.text):
        start = word.start + match.start()
        part = Word(match[0], start, start + len(match[0]))
        found += _plain(part, spelling)
    return found


def _broken(word: Word, text: str, spelling: Spelling) -> list[Word]:
    """`idontwanttogohome`; what is longer than anybody writes stays as it is."""
    found: list[Word] = []
    at = word.start
    for piece in spelling.broken(text[:_LONGEST_RUN]):
        found.append(Word(piece, at, at + len(piece)))
        at += len(piece)
    if found and len(text) > _LONGEST_RUN:
        found.append(Word(text[_LONGEST_RUN:], at, word.end))
    return found


def _unmixed(text: str) -> str:
    return text.translate(_ALIKE) if _LATIN.search(text) else text


def _readings(text: str) -> Iterator[str]:
    yield text
    if _CODE.search(text) and _LATIN.search(text):
        yield text.translate(_LETTERS_FOR)
    if _STRETCHED.search(text):
        yield _STRETCHED.sub(r"\1\1", text)
        yield _STRETCHED.sub(r"\1", text)
