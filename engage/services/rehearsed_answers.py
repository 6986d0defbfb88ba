"""How a made-up child of the demo answers: by how things are for them, and by chance.

Nothing is chosen that the script marks as a worry, but where a flag is wanted.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from engage.core.dialogue.answers import (
    Chosen,
    Given,
    Named,
    Silence,
    Sorted,
    Written,
    name_people,
)
from engage.core.dialogue.path import Path, Turn
from engage.core.dialogue.path import Worry as Asking
from engage.core.dialogue.script import Kind, Option, Step
from engage.core.dialogue.talk import notice
from engage.core.people import Voice
from engage.core.safeguarding.detector import Detector
from engage.services import rehearsed_words as made_up
from engage.services.rehearsed_words import Mood, Worry

_RIGHT_AWAY = 0.7
"""How often the first option is picked where the others are only second thoughts."""
_NOTHING_TO_WRITE = 0.25


@dataclass
class Chance:
    """Seeded, and no line is written twice before all of its question's have been."""

    random: random.Random
    decks: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def line(self, lines: tuple[str, ...]) -> str:
        deck = self.decks.get(lines)
        if not deck:
            deck = self.decks[lines] = self.random.sample(lines, len(lines))
        return deck.pop()

    def leaning(self, mood: Mood, last: int) -> int:
        """A point between the best (0) and the last, near where this mood leans."""
        near = mood.leaning * last + self.random.gauss(0, 0.6)
        return min(last, max(0, round(near)))


@dataclass
class Child:
    """Somebody made up. `worry` is taken away once they have said it."""

    chance: Chance
    mood: Mood
    detector: Detector
    worry: Worry | None = None

    def answer(self, path: Path, turn: Turn) -> Given:
        if turn.worry:
            return self._to_a_worried_bot(turn.worry)
        worrying = self._worrying(turn.step, path.voice)
        if worrying is not None:
            return worrying
        if self.chance.random.random() < self.mood.silences:
            return self.chance.random.choice(list(Silence))
        return self._ordinary(path, turn)

    def _to_a_worried_bot(self, asking: Asking) -> Given:
        worry = self.worry or made_up.Worry("", 0, "", "yes", "", "")
        answers: Mapping[Asking, Given] = {
            Asking.CHECK_IN: Chosen(("pass-on",)),
            Asking.SAFE_NOW: Chosen((worry.safe_now,)),
            Asking.ADD: _written(worry.added),
            Asking.REACH: _written(worry.reached),
            Asking.NEXT: Chosen(("carry-on",)),
        }
        if asking is Asking.NEXT:
            self.worry = None
        return answers[asking]

    def _worrying(self, step: Step, voice: Voice) -> Given | None:
        """The answer that raises this child's flag, if this is the place for it."""
        if self.worry is None:
            return None
        if self.worry.by == "written" and step.kind is Kind.WRITE:
            return Written(made_up.WRITTEN)
        for option in step.options_for(voice):
            if option.safeguard and option.safeguard.level == self.worry.by:
                return Chosen((option.id,))
        return None

    def _ordinary(self, path: Path, turn: Turn) -> Given:
        step, voice = turn.step, path.voice
        safe = [o for o in step.options_for(voice) if o.safeguard is None]
        match step.kind:
            case Kind.WRITE:
                return self._words(path, turn)
            case Kind.SORT:
                return self._sorted(step, safe)
            case Kind.PEOPLE:
                return self._people(safe)
            case Kind.CHOOSE_MANY:
                most = min(len(safe), made_up.MOST_PICKED)
                picked = self.chance.random.sample(
                    safe, self.chance.random.randint(1, most)
                )
                return Chosen(tuple(o.id for o in picked))
            case _:
                return Chosen((self._one(step, safe).id,))

    def _one(self, step: Step, safe: list[Option]) -> Option:
        # Questions about how things are have their options from best to worst; the
        # others (how old, what home is called) say nothing of that.
        if step.tags.indicators:
            return safe[self.chance.leaning(self.mood, len(safe) - 1)]
        asks_consent = step.practice or len(safe) == len(("yes", "no"))
        if asks_consent and self.chance.random.random() < _RIGHT_AWAY:
            return safe[0]
        return self.chance.random.choice(safe)

    def _words(self, path: Path, turn: Turn) -> Given:
        if self.chance.random.random() < _NOTHING_TO_WRITE:
            return Silence.SKIP
        lines = made_up.LINES.get(turn.step.id, made_up.LAST_WORDS[path.voice])
        # The demo promises five flags, whatever the detector has learned since.
        harmless = tuple(
            each for each in lines if notice(self.detector, path, turn, each) is None
        )
        return Written(self.chance.line(harmless)) if harmless else Silence.SKIP

    def _sorted(self, step: Step, cards: list[Option]) -> Sorted:
        last = len(step.piles) - 1
        return Sorted(
            tuple(
                (card.id, step.piles[self.chance.leaning(self.mood, last)].id)
                for card in cards
            )
        )

    def _people(self, kinds: list[Option]) -> Named:
        wanted = self.chance.random.randint(1, min(made_up.MOST_NAMED, len(kinds)))
        named = [
            (kind.id, self.chance.random.choice(made_up.NAMES.get(kind.id, ("",))))
            for kind in self.chance.random.sample(kinds, wanted)
        ]
        return Named(name_people(named, ()))


def _written(text: str) -> Given:
    return Written(text) if text else Silence.SKIP
