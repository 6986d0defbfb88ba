"""Steps: what the bot says or asks at one place of a script."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yaml.nodes import Node, ScalarNode

from engage.core.dialogue.problems import one_of
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.dialogue.reading_options import Scales, read_options, read_trigger
from engage.core.dialogue.reading_rules import WORDS, read_rule
from engage.core.dialogue.reading_words import (
    needed_text,
    read_texts,
    read_voices,
)
from engage.core.dialogue.script import Kind, Option, Step, Tags, Text
from engage.core.people import Voice

RESERVED = ("safe-now", "add", "reach", "next", "check-in", *WORDS)
"""The engine's own places, and words that mean something in a rule."""
_COMMON = ("voices", "when", "wellbeing", "indicators", "rights")
_ASKING = ("lead", "ask", "sensitive", "practice", *_COMMON)
_KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SAY: ("text", *_COMMON),
    Kind.CHOOSE: ("options", "safeguard", *_ASKING),
    Kind.CHOOSE_MANY: ("options", "safeguard", *_ASKING),
    Kind.SCALE: ("points", "safeguard", *_ASKING),
    Kind.PEOPLE: ("options", "at-most", *_ASKING),
    Kind.SORT: ("cards", "piles", *_ASKING),
    Kind.WRITE: ("short", *_ASKING),
}
_OPTIONS_KEY = {
    Kind.CHOOSE: "options",
    Kind.CHOOSE_MANY: "options",
    Kind.SCALE: "points",
    Kind.PEOPLE: "options",
    Kind.SORT: "cards",
}
_GUARDED = (Kind.CHOOSE, Kind.CHOOSE_MANY, Kind.SCALE)


class Wellbeing(StrEnum):
    """The eight indicators of wellbeing (SHANARRI)."""

    SAFE = "safe"
    HEALTHY = "healthy"
    ACHIEVING = "achieving"
    NURTURED = "nurtured"
    ACTIVE = "active"
    RESPECTED = "respected"
    RESPONSIBLE = "responsible"
    INCLUDED = "included"


def read_step(
    sheet: Sheet, node: Node, needs: frozenset[Voice], scales: Scales
) -> Step | None:
    """A step, with whatever could be read of it; None if it has no kind or id."""
    block = sheet.block(node, "a step")
    kind = None if block is None else _kind(block)
    if block is None or kind is None:
        return None
    id = sheet.id(block.values[kind], "a step")
    if id in RESERVED:
        sheet.report(
            block.values[kind],
            f'"{id}" is kept for the engine and cannot be the id of a step',
            "Choose another id.",
        )
    block = replace(block, called=f'{kind} "{id}"' if id else f"this {kind}")
    block.only((kind, *_KEYS[kind]))
    voices = read_voices(block)
    step = _Step(block, kind, needs & voices, scales)
    return step.read(id, voices)


def _kind(block: Block) -> Kind | None:
    kinds = [key for key in block.keys if key in set(Kind)]
    if len(kinds) == 1:
        return Kind(kinds[0])
    if kinds:
        block.sheet.report(
            block.keys[kinds[1]],
            f'one step cannot be both "{kinds[0]}" and "{kinds[1]}"',
            "Begin a new step with a dash.",
        )
        return None
    every = {key for keys in _KEYS.values() for key in keys}
    odd = next((key for key in block.keys if key not in every), None)
    if odd is None:
        what = "this step does not say what kind it is"
        block.sheet.report(block.node, what, f"Begin it with a kind. {one_of(Kind)}")
    else:
        what = f'"{odd}" is not a kind of step'
        block.sheet.report(block.keys[odd], what, one_of(Kind, odd))
    return None


@dataclass(frozen=True, slots=True)
class _Step:
    """What is common to reading the parts of one step."""

    block: Block
    kind: Kind
    needs: frozenset[Voice]
    scales: Scales

    def read(self, id: str, voices: frozenset[Voice]) -> Step:
        block, sheet = self.block, self.block.sheet
        when = block.get("when")
        most = block.get("at-most")
        step = Step(
            id=id,
            kind=self.kind,
            say=self._say(),
            ask=None if self.kind is Kind.SAY else self._text("ask"),
            options=self._guarded(self._options()),
            piles=self._piles(),
            voices=voices,
            tags=_tags(block),
            sensitive=block.truth("sensitive"),
            practice=block.truth("practice"),
            short=block.truth("short"),
            file=sheet.file,
            line=block.line,
        )
        if when is not None:
            step = replace(step, when=read_rule(sheet, when))
        if most is not None:
            step = replace(step, at_most=sheet.count(most, '"at-most"', 1, 20) or 8)
        return step

    def _text(self, key: str) -> Text | None:
        return needed_text(self.block, key, self.needs)

    def _say(self) -> tuple[Text, ...]:
        key = "text" if self.kind is Kind.SAY else "lead"
        node = self.block.get(key)
        if node is not None:
            return read_texts(self.block.sheet, node, f'"{key}"', self.needs)
        if self.kind is Kind.SAY:
            self._text(key)
        return ()

    def _options(self) -> tuple[Option, ...]:
        key = _OPTIONS_KEY.get(self.kind)
        if key is None:
            return ()
        node = self.block.need(key, "Add the list of what a child can pick from.")
        if node is None:
            return ()
        if self.kind is Kind.SCALE and isinstance(node, ScalarNode):
            return self._named(node)
        options = read_options(self.block.sheet, node, f'"{key}"', self.needs)
        self._check_number(node, options)
        return tuple(self._unguarded(option) for option in options)

    def _named(self, node: Node) -> tuple[Option, ...]:
        name = self.block.sheet.word(node, '"points"')
        if name and name not in self.scales.named:
            self.block.sheet.report(
                node,
                f'there is no scale called "{name}" in scales.yaml',
                one_of(self.scales.named, name),
            )
        return self.scales.named.get(name, ())

    def _unguarded(self, option: Option) -> Option:
        if option.safeguard is None or self.kind in _GUARDED:
            return option
        self.block.sheet.report(
            option.line,
            f'"safeguard" has no meaning in a {self.kind} step',
            f"Take it out, or ask with one of: {', '.join(_GUARDED)}.",
        )
        return replace(option, safeguard=None)

    def _check_number(self, node: Node, options: tuple[Option, ...]) -> None:
        least = 2 if self.kind in _GUARDED else 1
        for voice in sorted(self.needs):
            if options and sum(voice in o.voices for o in options) < least:
                self.block.sheet.report(
                    node,
                    f'{self.block.called} gives the "{voice}" voice too little to '
                    "pick from",
                    f"Give each voice at least {least}.",
                )

    def _piles(self) -> tuple[Option, ...]:
        node = self.block.get("piles")
        if self.kind is not Kind.SORT:
            return ()
        if node is not None:
            return read_options(self.block.sheet, node, '"piles"', self.needs)
        if not self.scales.piles:
            self.block.sheet.report(
                self.block.node,
                f'{self.block.called} has no "piles" and scales.yaml has none either',
                'Add "piles" here or to scales.yaml.',
            )
        return self.scales.piles

    def _guarded(self, options: tuple[Option, ...]) -> tuple[Option, ...]:
        node = self.block.get("safeguard")
        if node is None or self.kind not in _GUARDED:
            return options
        block = self.block.sheet.block(node, '"safeguard"')
        if block is None:
            return options
        ids = [option.id for option in options]
        if ids:
            for key in set(block.keys) - set(ids):
                self.block.sheet.report(
                    block.keys[key],
                    f'"safeguard" names "{key}", which is not among the options of '
                    f"{self.block.called}",
                    one_of(ids, key),
                )
        triggers = {
            id: read_trigger(self.block.sheet, value)
            for id, value in block.values.items()
        }
        return tuple(
            replace(o, safeguard=triggers.get(o.id) or o.safeguard) for o in options
        )


def _tags(block: Block) -> Tags:
    sheet = block.sheet
    indicators, rights = block.get("indicators"), block.get("rights")
    wellbeing = block.get("wellbeing")
    kinds = [] if wellbeing is None else sheet.items(wellbeing, '"wellbeing"')
    articles = [] if rights is None else sheet.items(rights, '"rights"')
    read = [sheet.member(item, Wellbeing, "a wellbeing indicator") for item in kinds]
    # The convention has 54 articles.
    numbers = [sheet.count(item, "an article of rights", 1, 54) for item in articles]
    return Tags(
        indicators=()
        if indicators is None
        else tuple(sheet.words(indicators, '"indicators"')),
        wellbeing=tuple(str(item) for item in read if item is not None),
        rights=tuple(number for number in numbers if number is not None),
    )
