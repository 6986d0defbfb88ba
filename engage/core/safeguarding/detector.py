"""Looks for words that give reason to worry, and says why.

This knows very little: some three hundred phrases of English and Scots, as people
write them when they write plainly. It does not understand a sentence. Of invented
messages for tests, most of which tell of harm without naming it, it sees about one
in thirty that somebody should know of, and stops at one in seventy of the harmless
ones, many of them made to look alarming. It knows no other language. So it only
decides when the bot stops to ask; people read every word that is written, whatever
it finds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yaml.nodes import Node

from engage.core.dialogue.problems import Problem, Unreadable
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.safeguarding.concerns import Concern, Level

CATEGORIES = (
    *("physical", "sexual", "emotional", "neglect", "domestic_abuse"),
    *("sexual_exploitation", "criminal_exploitation", "online", "self_harm"),
    *("suicide", "substance", "missing", "harm_by_staff", "bullying"),
    *("forced_marriage_fgm", "trafficking", "mental_health_parent"),
    *("harm_to_others", "other_child"),
)
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc`\u00b4"), "'")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;\n]|,")
_STOPS = frozenset(".!?;,\n")
_NOT = frozenset(
    (
        *("no", "not", "never", "nobody", "didn't", "didnt", "doesn't", "doesnt"),
        *("don't", "dont", "isn't", "isnt", "wasn't", "wasnt", "hasn't", "hasnt"),
        *("haven't", "havent", "won't", "wont", "wouldn't", "wouldnt", "nae", "no'"),
        *("dinnae", "dinna", "didnae", "didna", "doesnae", "doesna", "wisnae"),
        *("isnae", "hasnae", "havenae", "naebody", "wullnae", "wouldnae", "neither"),
    )
)
_REACH = 3
"""How many words before a phrase a "not" may stand and still deny it."""


class Detector(Protocol):
    """What anything that looks for reasons to worry can do."""

    def look(self, text: str, *, question: str = "") -> Concern | None:
        """The worst reason to worry in these words; None if it sees none.

        `question` is the id of the step that was answered.
        """
        ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row. `denied` is false where "not" is part of the worry itself."""

    words: tuple[str, ...]
    level: Level
    category: str
    because: str
    rule: str
    deniable: bool = True


@dataclass(frozen=True, slots=True)
class WordList:
    """Phrases looked up word by word.

    Time is the length of the text times the longest phrase, whatever is written;
    no pattern is matched that could go back over the text.
    """

    phrases: Sequence[Phrase]
    harmless: Sequence[tuple[str, ...]] = ()
    """Figures of speech; what they cover is not looked at."""
    _at: dict[str, list[Phrase]] = field(init=False, repr=False, default_factory=dict)
    _safe: dict[str, list[tuple[str, ...]]] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for phrase in self.phrases:
            self._at.setdefault(phrase.words[0], []).append(phrase)
        for words in self.harmless:
            self._safe.setdefault(words[0], []).append(words)

    def look(self, text: str, *, question: str = "") -> Concern | None:
        words = plain_words(text)
        harmless = self._harmless(words)
        found = [
            phrase
            for start, word in enumerate(words)
            for phrase in self._at.get(word, ())
            if _stands(words, start, phrase.words)
            and not any(harmless[start : start + len(phrase.words)])
            and not (phrase.deniable and _denied(words, start))
        ]
        if not found:
            return None
        worst = max(found, key=lambda phrase: phrase.level.rank)
        kinds = {p.category: None for p in [worst, *found] if p.level is worst.level}
        return Concern(worst.level, tuple(kinds), worst.rule, worst.because)

    def _harmless(self, words: Sequence[str]) -> list[bool]:
        covered = [False] * len(words)
        for start, word in enumerate(words):
            for phrase in self._safe.get(word, ()):
                if _stands(words, start, phrase):
                    covered[start : start + len(phrase)] = [True] * len(phrase)
        return covered


def plain_words(text: str) -> list[str]:
    """Small letters, straight apostrophes, and stops as words of their own."""
    return _WORD.findall(text.translate(_APOSTROPHES).casefold())


def read_words(text: str, file: str) -> WordList:
    """The list in conversations/safeguarding/words.yaml.

    Raises:
        Unreadable: with every problem found.
    """
    problems: list[Problem] = []
    sheet = Sheet(file, problems)
    root = sheet.compose(text)
    top = sheet.block(root, "this file") if root is not None else None
    phrases: list[Phrase] = []
    harmless: list[tuple[str, ...]] = []
    if top is not None:
        top.only(("rules", "harmless"))
        rules = top.need("rules", "List the rules.")
        for node in [] if rules is None else sheet.items(rules, "the rules"):
            phrases += _rule(sheet, node)
        node_ = top.get("harmless")
        for each in [] if node_ is None else sheet.words(node_, "harmless"):
            harmless += [tuple(plain_words(each))]
    if problems:
        raise Unreadable(problems)
    return WordList(phrases, harmless)


def _rule(sheet: Sheet, node: Node) -> Iterable[Phrase]:
    block = sheet.block(node, "a rule")
    if block is None:
        return
    block.only(("id", "level", "category", "because", "phrases", "never-denied"))
    rule = block.id("id", "a rule")
    level = _member(block)
    category = _needed(block, "category")
    if category and category not in CATEGORIES:
        sheet.report(block.node, f"category {category}", ", ".join(CATEGORIES) + ".")
    because = _needed(block, "because")
    denied = not block.truth("never-denied")
    phrases = block.need("phrases", "List the words to look for.")
    for words in [] if phrases is None else sheet.words(phrases, "phrases"):
        found = tuple(plain_words(words))
        if found and level is not None:
            yield Phrase(found, level, category, because, rule, denied)


def _needed(block: Block, key: str) -> str:
    node = block.need(key, "Every rule needs it.")
    return "" if node is None else block.sheet.word(node, key)


def _member(block: Block) -> Level | None:
    node = block.need("level", "Write check, concern or now.")
    return None if node is None else block.sheet.member(node, Level, "a level")


def _stands(words: Sequence[str], start: int, phrase: tuple[str, ...]) -> bool:
    return tuple(words[start : start + len(phrase)]) == phrase


def _denied(words: Sequence[str], start: int) -> bool:
    """A "not" just before, in the same clause: "he never ever hits me"."""
    for word in reversed(words[max(0, start - _REACH) : start]):
        if word in _STOPS:
            return False
        if word in _NOT:
            return True
    return False
