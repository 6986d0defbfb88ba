"""Decide how soon somebody must know of a message, and say why.

Two layers: the lexicon decides and explains; the learned layer may only raise. Neither
decides that nobody reads: every free text is read by a person, and this says how soon.
"""

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.detector import OPEN
from engage.core.safeguarding.learned import Model, Scores, features
from engage.core.safeguarding.lexicon import Hit, Lexicon, Looked
from engage.core.safeguarding.normalise import STOP

LEARNED = "learned"
"""The rule that the learned layer goes by in a flag."""
UNSCREENED = "unscreened"
_SAFETY = frozenset({OPEN, "wellbeing", "home", "people"})
"""Questions after which words that nobody can screen are never let pass."""
_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
"""Scripts that some file of the lexicon is written in."""
_LEAST_WORDS, _LEAST_KNOWN = 5, 0.2


class Reason(NamedTuple):
    """One reason, with the child's own characters that gave it."""

    rule: str
    because: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decision:
    """`level`: None for nothing to pass on. `priority`: how soon to read it, 0 to 1."""

    level: Level | None
    categories: tuple[str, ...]
    priority: float
    because: tuple[Reason, ...]
    screened: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """The detector (see `detector.Detector`)."""

    lexicon: Lexicon
    model: Model | None = None

    def look(self, text: str, *, question: str = "") -> Concern | None:
        decision = self.decide(text, question=question)
        if decision.level is None:
            return None
        first = decision.because[0]
        because = " ".join(dict.fromkeys(each.because for each in decision.because))
        return Concern(decision.level, decision.categories, first.rule, because)

    def decide(self, text: str, *, question: str = "") -> Decision:
        looked = self.lexicon.look(text)
        ruled = [hit for hit in looked.hits if not hit.denied and _level(hit)]
        ruled.sort(key=lambda hit: (-_rank(hit), hit.start))
        level = _level(ruled[0]) if ruled else None
        because = [_reason(looked, hit) for hit in ruled]
        categories = _categories(ruled, level)
        priority = 0.0 if level is None else 0.5
        if self.model is not None:
            found = features(looked)
            scores = self.model.scores(found)
            priority = self.model.priority(scores)
            raised = self._raised(scores)
            if raised is not None and (level is None or raised.rank > level.rank):
                level = raised
                because = [*self._weighty(looked), *because]
                categories = categories or (self.model.about(found),)
        if level is None and not self._can_screen(text, looked):
            return self._unscreened(text, question)
        return Decision(level, categories, priority, tuple(because))

    def _raised(self, scores: Scores) -> Level | None:
        assert self.model is not None  # noqa: S101 - whoever calls has looked
        check, concern, now = (np.array(scores) >= self.model.raises).tolist()
        if concern:
            return Level.NOW if now else Level.CONCERN
        return Level.CHECK if check else None

    def _weighty(self, looked: Looked) -> list[Reason]:
        assert self.model is not None  # noqa: S101 - whoever calls has looked
        found = self.model.weightiest(looked)
        words = looked.words
        because = "It is like messages that somebody had to know of, by these words."
        return [
            Reason(LEARNED, because, words[each.start].start, words[each.end - 1].end)
            for each in found
        ] or [Reason(LEARNED, because, 0, 0)]

    def _can_screen(self, text: str, looked: Looked) -> bool:
        """Whether it is written in a script, and mostly in words, that are known."""
        letters = [char for char in text[:500] if char.isalpha()]
        strange = sum(not unicodedata.name(c, "").startswith(_SCRIPTS) for c in letters)
        if strange * 2 > len(letters):
            return False
        words = [word.text for word in looked.words if word.text != STOP]
        known = sum(map(self.lexicon.known, words))
        return len(words) < _LEAST_WORDS or known >= _LEAST_KNOWN * len(words)

    def _unscreened(self, text: str, question: str) -> Decision:
        because = "It is in a language or script that this cannot read."
        reason = Reason(UNSCREENED, because, 0, len(text))
        level = Level.CHECK if question in _SAFETY else None
        return Decision(level, ("emotional",) if level else (), 0.5, (reason,), False)


def _level(hit: Hit) -> Level | None:
    """What a match is worth: in part harmless speech, it is asked about first."""
    level = hit.rule.strength.level
    return Level.CHECK if level and hit.framed else level


def _rank(hit: Hit) -> int:
    level = _level(hit)
    return -1 if level is None else level.rank


def _reason(looked: Looked, hit: Hit) -> Reason:
    start, end = looked.words[hit.start].start, looked.words[hit.end - 1].end
    return Reason(hit.rule.id, hit.rule.because, start, end)


def _categories(ruled: list[Hit], level: Level | None) -> tuple[str, ...]:
    """Those of the rules that decided, at most two."""
    worst = [hit for hit in ruled if _level(hit) is level]
    found = dict.fromkeys(each for hit in worst for each in hit.rule.categories)
    return tuple(found)[:2]
