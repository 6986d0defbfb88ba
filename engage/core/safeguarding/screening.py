"""Decide how soon somebody must know of a message, and say why.

Two layers: the lexicon decides and explains; the learned layer may only raise. Some
rules look for words that plain life uses too, and say so: they count unless the message
is like ordinary ones. Neither layer decides that nobody reads: every free text is read
by a person, and this says how soon.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engage.core.safeguarding.concerns import BY_STAFF, Concern, Level
from engage.core.safeguarding.decisions import Decision, Reason, marks
from engage.core.safeguarding.features import Found, features
from engage.core.safeguarding.learned import Array, Model
from engage.core.safeguarding.lexicon import Hit, Lexicon, Looked, Strength
from engage.core.safeguarding.normalise import STOP
from engage.core.safeguarding.parts import scored
from engage.core.safeguarding.policy import AS_IT_CAME, Policy
from engage.core.safeguarding.talk_window import Before, over_talk

LEARNED = "learned"
"""The rule that the learned layer goes by in a flag."""
UNSCREENED = "unscreened"
_SAFETY = frozenset({"wellbeing", "home", "people"})
"""Topics in which words that nobody can screen are never let pass."""
_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
"""Scripts that some file of the lexicon is written in."""
_LEAST_PRIORITY: dict[Level | None, float] = {
    None: 0.0,
    Level.CHECK: 0.1,
    Level.CONCERN: 0.25,
    Level.NOW: 0.3,
}
"""What a rule is worth where the learned layer sees nothing: shares of new messages."""
_STRONG = (Strength.CONCERN, Strength.NOW)
_LEAST_LIKE = 2
"""Words: one alone is like nothing; the rules know those that matter."""
_LEAST_WORDS, _LEAST_KNOWN = 5, 0.2


class _Alike(NamedTuple):
    """What the learned layer makes of a message."""

    model: Model
    found: Found
    heard: Array
    """The listener's rows."""
    priority: float
    raised: Level | None


@dataclass(frozen=True, slots=True)
class Screen:
    """The detector (see `detector.Detector`)."""

    lexicon: Lexicon
    model: Model | None = None
    policy: Policy = AS_IT_CAME

    def look(
        self,
        text: str,
        *,
        question: str = "",
        anything: bool = False,
        before: Sequence[Before] = (),
    ) -> Concern | None:
        found = self.decide(text, question=question, anything=anything)
        if before:
            found = over_talk(found, text, before, self.decide, self.policy)
        if found.level is None:
            return None
        because = " ".join(dict.fromkeys(each.because for each in found.because))
        return Concern(
            found.level,
            found.categories,
            found.because[0].rule,
            because,
            found.level is Level.CHECK and self.policy.passes_on(strong=found.strong),
            marks(found.because),
        )

    def decide(
        self, text: str, *, question: str = "", anything: bool = False
    ) -> Decision:
        looked = self.lexicon.look(text, question)
        alike = self._alike(looked)
        ordinary = alike is not None and self.policy.is_ordinary(alike.priority)
        ruled = _ruled(looked, ordinary)
        level = _level(ruled[0]) if ruled else None
        strong = any(hit.rule.strength in _STRONG for hit in ruled)
        because = list(dict.fromkeys(_reason(looked, hit) for hit in ruled))
        categories = _categories(ruled, level)
        priority = _LEAST_PRIORITY[level]
        if alike is not None:
            priority = max(alike.priority, priority)
            raised = alike.raised
            if raised is not None and (level is None or raised.rank > level.rank):
                level = raised
                because += self._weighty(looked, alike)
                categories = categories or (alike.model.about(alike.found),)
        if level is None and not self._can_screen(text, looked):
            return self._unscreened(text, anything or question in _SAFETY)
        if "suicide" in categories:
            level = self.policy.for_thoughts(level)
        return Decision(level, categories, priority, tuple(because), strong=strong)

    def _alike(self, looked: Looked) -> _Alike | None:
        """What the learned layer makes of a message, if there is one."""
        if self.model is None:
            return None
        found = features(looked, self.model.kin)
        scores, heard = scored(self.model, looked, found)
        raised = self.policy.for_likeness(self.model.raised(scores))
        if sum(word.text != STOP for word in looked.words) < _LEAST_LIKE:
            raised = None
        return _Alike(self.model, found, heard, self.model.priority(scores), raised)

    def _weighty(self, looked: Looked, alike: _Alike) -> list[Reason]:
        telling = alike.model.weightiest(
            looked, alike.found, alike.heard, self.lexicon.dull
        )
        words = looked.words
        because = "It is like messages that somebody had to know of, by these words."
        return [
            Reason(LEARNED, because, words[each.at].start, words[each.at].end)
            for each in telling
        ] or [Reason(LEARNED, because, 0, 0)]

    def _can_screen(self, text: str, looked: Looked) -> bool:
        """Whether it is written in a script, and mostly in words, that are known."""
        if not text.isascii() and _is_strange(text[:500]):
            return False
        words = [word.text for word in looked.words if word.text != STOP]
        known = sum(map(self.lexicon.known, words))
        return len(words) < _LEAST_WORDS or known >= _LEAST_KNOWN * len(words)

    def _unscreened(self, text: str, asked: bool) -> Decision:
        because = "It is in a language or script that this cannot read."
        reason = Reason(UNSCREENED, because, 0, len(text))
        level = Level.CHECK if asked else None
        return Decision(level, ("emotional",) if level else (), 0.5, (reason,), False)


def _is_strange(text: str) -> bool:
    """Whether most letters are of a script that no file of the lexicon is in."""
    letters = [char for char in text if char.isalpha()]
    strange = sum(not unicodedata.name(c, "").startswith(_SCRIPTS) for c in letters)
    return strange * 2 > len(letters)


def _level(hit: Hit) -> Level | None:
    """What a match is worth: in part harmless speech, it is asked about first.

    Harm by staff is never lowered: who works here must not be the reason.
    """
    level = hit.rule.strength.level
    lowered = hit.framed and BY_STAFF not in hit.rule.categories
    return Level.CHECK if level and lowered else level


def ruled_level(looked: Looked, ordinary: bool) -> Level | None:
    """What the rules alone say of a message, which may be like ordinary ones."""
    ruled = _ruled(looked, ordinary)
    return _level(ruled[0]) if ruled else None


def _ruled(looked: Looked, ordinary: bool) -> list[Hit]:
    """What rules decide on, the worst first."""
    found = []
    for hit in looked.hits:
        stands = not (hit.denied or (ordinary and hit.rule.unless_ordinary))
        level = _level(hit) if stands else None
        if level is not None:
            found.append((-level.rank, hit.start, hit))
    return [hit for _, _, hit in sorted(found, key=lambda each: each[:2])]


def _reason(looked: Looked, hit: Hit) -> Reason:
    start, end = looked.words[hit.start].start, looked.words[hit.end - 1].end
    return Reason(hit.rule.id, hit.rule.because, start, end)


def _categories(ruled: list[Hit], level: Level | None) -> tuple[str, ...]:
    """Those of the rules that decided, at most two."""
    worst = [hit for hit in ruled if _level(hit) is level]
    found = dict.fromkeys(each for hit in worst for each in hit.rule.categories)
    return tuple(found)[:2]
