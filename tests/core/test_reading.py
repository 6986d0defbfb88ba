"""A script reads to what its author wrote, and its digest is of every word."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from engage.core.dialogue.reading import read, sources_of
from engage.core.dialogue.script import (
    All,
    Answered,
    Any,
    Arc,
    Face,
    Is,
    Kind,
    Not,
    Option,
    PersonIs,
    Script,
    Section,
    Step,
    Tags,
    Text,
)
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level, Trigger
from tests.core.talk_sources import SCALES, SCRIPT, SOURCES, TALK, WELCOME


def same(words: str) -> Text:
    return Text(dict.fromkeys(Voice, words))


def both(younger: str, older: str) -> Text:
    return Text({Voice.YOUNGER: younger, Voice.OLDER: older})


A_LOT = Option("a-lot", both("Yes", "A lot"), Face.GREAT)
A_BIT = Option("a-bit", same("A bit"), Face.MIDDLE, frozenset({Voice.OLDER}))
NOT_AT_ALL = Option("not-at-all", same("No"), Face.BAD)
WELL = Option("well", same("Going well"), Face.GOOD)
NOT_WELL = Option("not-well", same("Not so good"), Face.LOW)


def bare(section: Section) -> Section:
    """The section without lines and files, which have tests of their own."""
    steps = tuple(_bare_step(step) for step in section.steps)
    title, when = _bare_text(section.title), _bare_rule(section.when)
    return replace(section, title=title, when=when, steps=steps, file="", line=0)


def _bare_step(step: Step) -> Step:
    return replace(
        step,
        say=tuple(_bare_text(text) for text in step.say),
        ask=step.ask and _bare_text(step.ask),
        options=tuple(_bare_option(option) for option in step.options),
        piles=tuple(_bare_option(option) for option in step.piles),
        when=_bare_rule(step.when),
        file="",
        line=0,
    )


def _bare_option(option: Option) -> Option:
    return replace(option, text=_bare_text(option.text), line=0)


def _bare_text(text: Text) -> Text:
    return replace(text, line=0)


def _bare_rule(rule):
    match rule:
        case Is() | Answered() | PersonIs():
            return replace(rule, line=0)
        case Not(inner):
            return Not(_bare_rule(inner))
        case All(rules) | Any(rules):
            return type(rule)(tuple(map(_bare_rule, rules)))


def section(script: Script, id: str) -> Section:
    return bare(next(s for s in script.sections if s.id == id))


def test_a_script_reads_to_its_head():
    script = read(SOURCES, TALK)

    assert (script.id, script.programme) == ("talk", "living-at-home")
    assert script.audience == "young-people"
    assert script.voices == (Voice.YOUNGER, Voice.OLDER)
    assert script.title.for_voice(Voice.OLDER) == "Your talk"
    assert [s.id for s in script.sections] == ["welcome", "people", "each", "end"]


def test_say_and_choose_read_as_written_and_yes_is_a_word():
    practice = Step(
        "practice",
        Kind.CHOOSE,
        say=(same("Try one."),),
        ask=both("Soup?", "Do you like soup?"),
        options=(
            Option("yes", same("Yes")),
            Option("no", same("No")),
            Option("off", same("I went off it"), voices=frozenset({Voice.OLDER})),
        ),
        practice=True,
    )
    hello = Step(
        "hello", Kind.SAY, say=(both("Hi.", "Hello."), same("This is *private*."))
    )

    assert section(read(SOURCES, TALK), "welcome") == Section(
        "welcome", same("Hello"), Arc.WARM_UP, (hello, practice)
    )


def test_people_and_scale_read_as_written_with_the_shared_points():
    helpers = Step(
        "helpers",
        Kind.PEOPLE,
        ask=same("Who helps you?"),
        options=(Option("teacher", same("Teacher")), Option("nurse", same("Nurse"))),
        at_most=3,
    )
    worry = Trigger(Level.CONCERN, "neglect")
    safe = Step(
        "safe",
        Kind.SCALE,
        ask=same("Do you feel safe?"),
        options=(A_LOT, A_BIT, replace(NOT_AT_ALL, safeguard=worry)),
        tags=Tags(indicators=("2.1",), wellbeing=("safe",), rights=(19,)),
        sensitive=True,
    )

    assert section(read(SOURCES, TALK), "people") == Section(
        "people", same("People"), Arc.MIDDLE, (helpers, safe)
    )


def test_choose_many_and_rules_read_as_written():
    check = Trigger(Level.CHECK, "emotional")
    like = Step(
        "like",
        Kind.CHOOSE_MANY,
        ask=same("What is {person} like?"),
        options=(
            Option("kind", same("Kind")),
            Option("scary", same("Scary"), safeguard=check),
        ),
        when=Any(
            (PersonIs(frozenset({"nurse"})), Not(Is("safe", frozenset({"a-lot"}))))
        ),
    )

    assert section(read(SOURCES, TALK), "each") == Section(
        "each",
        same("Each"),
        Arc.MIDDLE,
        (like,),
        when=All((Answered("helpers"), Is("practice", frozenset({"yes", "off"})))),
        for_each="helpers",
    )


def test_sort_takes_the_shared_piles_and_write_needs_only_its_own_voices():
    cards = Step(
        "cards",
        Kind.SORT,
        ask=same("How are these?"),
        options=(Option("sleep", same("Sleep")),),
        piles=(WELL, NOT_WELL),
    )
    words = "You like {practice|something}. Anything else?"
    write = Step("words", Kind.WRITE, ask=Text({Voice.OLDER: words}), short=True)

    assert section(read(SOURCES, TALK), "end") == Section(
        "end", same("End"), Arc.COOL_DOWN, (cards, write), voices=frozenset({"older"})
    )


def test_sections_and_steps_know_their_file_and_line():
    script = read(SOURCES, TALK)
    practice, words = script.step("practice"), script.step("words")

    assert practice.file == "young-people/shared/welcome.yaml"
    assert practice.line == WELCOME.splitlines().index("      - choose: practice") + 1
    assert (words.file, words.line) == (
        TALK,
        SCRIPT.splitlines().index("      - write: words") + 1,
    )


@pytest.mark.parametrize("name", [TALK, "young-people/shared/welcome.yaml"])
def test_the_digest_changes_with_any_word(name: str):
    changed = SOURCES | {name: SOURCES[name].replace("Soup?", "Pie?").replace("?", "…")}

    assert read(changed, TALK).digest != read(SOURCES, TALK).digest


def test_the_digest_changes_with_the_words_of_a_shared_scale():
    changed = SOURCES | {"scales.yaml": SCALES.replace("A bit", "Some")}

    assert read(changed, TALK).digest != read(SOURCES, TALK).digest


def test_the_digest_does_not_change_with_unrelated_files():
    others = SOURCES | {"young-people/another.yaml": "other", "helplines.yaml": "[]"}

    assert read(others, TALK).digest == read(SOURCES, TALK).digest


def test_a_script_can_be_read_again_from_only_its_own_sources():
    kept = sources_of(TALK, SOURCES)

    assert sorted(kept) == ["scales.yaml", "young-people/shared/welcome.yaml", TALK]
    assert read(kept, TALK) == read(SOURCES, TALK)


def test_the_examples_in_the_guide_for_authors_are_right():
    guide = (Path(__file__).parents[2] / "conversations" / "README.md").read_text()
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    script = next(e for e in examples if e.startswith("script:"))
    steps = next(e for e in examples if "- say: two-bubbles" in e)
    each = next(e for e in examples if "for-each: helpers" in e)
    more = '  - section: more\n    title: "More"\n    arc: middle\n    steps:\n'
    name = "young-people/small-talk.yaml"
    sources = {name: script + more + steps + each, "scales.yaml": SCALES}

    assert {step.kind for _, step in read(sources, name).steps()} == set(Kind)
