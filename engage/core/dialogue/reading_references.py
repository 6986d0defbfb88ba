"""References: do rules, pipes and for-each name steps that were asked before?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from engage.core.dialogue.problems import Problem, one_of
from engage.core.dialogue.reading_nodes import Sheet
from engage.core.dialogue.reading_words import PERSON, pipes
from engage.core.dialogue.script import (
    All,
    Answered,
    Any,
    Is,
    Kind,
    Not,
    PersonIs,
    Rule,
    Section,
    Step,
    Text,
)

_WITHOUT_OPTIONS = (Kind.SAY, Kind.WRITE, Kind.SORT)


@dataclass(slots=True)
class References:
    """Goes through the sections in the order they are asked.

    `broken` holds ids that were written but could not be read: to report them as
    unknown too would send the author to the wrong line. None means that whole files
    are missing, so that nothing can be called unknown.
    """

    problems: list[Problem]
    sections: tuple[Section, ...]
    broken: frozenset[str] | None
    known: dict[str, Step] = field(default_factory=dict)
    every: dict[str, Step] = field(default_factory=dict)
    looped: dict[str, Section] = field(default_factory=dict)
    """Steps of for-each sections that are over: each has as many answers as people."""

    def check(self) -> None:
        self.every = {s.id: s for section in self.sections for s in section.steps}
        for section in self.sections:
            self._section(section)

    def _section(self, section: Section) -> None:
        sheet = Sheet(section.file, self.problems)
        people = self._people(sheet, section)
        at = _At(self, sheet, section, people)
        at.rule(section.when)
        for step in section.steps:
            at.rule(step.when)
            at.texts(_texts(step))
            self.known[step.id] = step
        if section.for_each is not None:
            for step in section.steps:
                self.looped[step.id] = section

    def _people(self, sheet: Sheet, section: Section) -> Step | None:
        if section.for_each is None:
            return None
        step = self.find(sheet, section.for_each, section.line)
        if step is not None and step.kind is not Kind.PEOPLE:
            sheet.report(
                section.line,
                f'"for-each" needs a people step, and "{step.id}" is a {step.kind}',
                "Name the step that asks who the people are.",
            )
            return None
        return step

    def find(self, sheet: Sheet, id: str, line: int) -> Step | None:
        """The step of that id asked before, or None with the reason reported."""
        if id in self.known:
            if id not in self.looped:
                return self.known[id]
            sheet.report(
                line,
                f'"{id}" is asked once for each person, so it has no one answer here',
                f'Use it only inside section "{self.looped[id].id}".',
            )
        elif id in self.every:
            sheet.report(
                line,
                f'"{id}" comes later than this',
                "Name a step that is asked before, or move that step up.",
            )
        elif id and self.broken is not None and id not in self.broken:
            do = one_of(self.known, id) if len(self.known) <= 8 else _near(self, id)
            sheet.report(line, f'there is no step called "{id}"', do)
        return None


def _near(references: References, id: str) -> str:
    hint, _, _ = one_of(references.known, id).partition("Use one of")
    return f"{hint}Name a step that is asked before this."


@dataclass(frozen=True, slots=True)
class _At:
    """Inside one section."""

    references: References
    sheet: Sheet
    section: Section
    people: Step | None

    def rule(self, rule: Rule) -> None:
        match rule:
            case Is():
                self._is(rule)
            case Answered():
                self._answered(rule)
            case PersonIs():
                self._person(rule)
            case Not():
                self.rule(rule.rule)
            case All() | Any():
                for part in rule.rules:
                    self.rule(part)
            case _:
                assert_never(rule)

    def _is(self, rule: Is) -> None:
        step = self.references.find(self.sheet, rule.step, rule.line)
        if step is None:
            return
        if step.kind in _WITHOUT_OPTIONS:
            self.sheet.report(
                rule.line,
                f'"{step.id}" is a {step.kind} step, so it has no options to compare',
                "Choose another step"
                + (
                    "."
                    if step.kind is Kind.SAY
                    else f', or write "answered: {step.id}".'
                ),
            )
        elif step.options:
            self._among(rule.values, step, rule.line)

    def _among(self, values: Iterable[str], step: Step, line: int) -> None:
        for value in sorted(values):
            if step.option(value) is None:
                self.sheet.report(
                    line,
                    f'"{step.id}" has no option called "{value}"',
                    one_of((option.id for option in step.options), value),
                )

    def _answered(self, rule: Answered) -> None:
        step = self.references.find(self.sheet, rule.step, rule.line)
        if step is not None and not step.asks:
            self.sheet.report(
                rule.line,
                f'"{step.id}" asks nothing, so it is never answered',
                "Name a step that asks.",
            )

    def _person(self, rule: PersonIs) -> None:
        if self.section.for_each is None:
            self._outside(rule.line, "person")
        elif self.people is not None and self.people.options:
            self._among(rule.kinds, self.people, rule.line)

    def _outside(self, line: int, called: str) -> None:
        self.sheet.report(
            line,
            f'"{called}" is used outside a section with "for-each"',
            "Move it to such a section, or name a step.",
        )

    def texts(self, texts: Iterable[Text]) -> None:
        for text in texts:
            found = {
                pipe.step for words in text.words.values() for pipe in pipes(words)
            }
            for id in sorted(found):
                self._pipe(id, text.line)

    def _pipe(self, id: str, line: int) -> None:
        if id == PERSON:
            if self.section.for_each is None:
                self._outside(line, "{person}")
            return
        step = self.references.find(self.sheet, id, line)
        if step is not None and not _may_be_piped(step):
            self.sheet.report(
                line,
                f'the answer to "{id}" cannot be used inside words',
                "Use the answer of a choose, a people or a short write step.",
            )


def _may_be_piped(step: Step) -> bool:
    return step.kind in (Kind.CHOOSE, Kind.PEOPLE) or (
        step.kind is Kind.WRITE and step.short
    )


def _texts(step: Step) -> Iterator[Text]:
    yield from step.say
    if step.ask is not None:
        yield step.ask
