"""`engage check` proves what it says, and points at the right line."""

import re
from pathlib import Path

import pytest

from engage.core.dialogue import checking, language, reading
from engage.core.dialogue.length import lengths
from engage.core.dialogue.problems import Problem, Severity
from engage.core.dialogue.reachable import reach
from engage.core.dialogue.script import Script
from engage.core.people import Voice
from engage.paths import CONVERSATIONS
from engage.services.syllables import syllables

BROKEN = Path(__file__).parents[1] / "scripts" / "broken"
RULES = language.rules((CONVERSATIONS / "language.yaml").read_text("utf-8"))

WHOLE = """\
script: whole
title: "Your turn"
programme: living-at-home
audience: ok
voices: [younger, older]
sections:
  - section: start
    title: "Start"
    arc: warm-up
    steps:
      - choose: practice
        practice: true
        ask: "Which do you like best?"
        options: [{id: tea, text: "Tea"}, {id: juice, text: "Juice"}]
      - people: who
        ask: "Who helps you?"
        options: [{id: teacher, text: "Teacher"}, {id: nurse, text: "Nurse"}]
  - section: each-one
    title: "Your people"
    arc: middle
    for-each: who
    steps:
      - choose: listens
        sensitive: true
        ask: "Does {person} listen to you?"
        options: [{id: listens-yes, text: "Yes"}, {id: listens-no, text: "No"}]
      - write: more
        when: {listens: listens-no, person: teacher}
        ask: "Do you want to say more?"
  - section: end
    title: "The end"
    arc: cool-down
    steps:
      - choose: good
        ask: "Did you like this?"
        options: [{id: liked, text: "Yes"}, {id: disliked, text: "No"}]
      - say: bye
        when: {any: [{answered: good}, {not: {answered: good}}]}
        text: "Thank you."
"""


def whole(old: str = "", new: str = "") -> Script:
    assert old in WHOLE
    return reading.read({"ok/whole.yaml": WHOLE.replace(old, new, 1)}, "ok/whole.yaml")


def problems(script: Script) -> list[Problem]:
    return checking.check(script, RULES, syllables)


@pytest.mark.parametrize(
    "path", sorted(BROKEN.glob("check-*.yaml")), ids=lambda p: p.stem
)
def test_a_broken_script_is_reported_at_its_line(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = re.match(r"# expect: (\d+): (.+)\n", text)
    assert expected is not None
    name = f"broken/{path.name}"
    found = problems(reading.read({name: text}, name))
    assert any(
        p.file == name and p.line == int(expected[1]) and expected[2] in p.what
        for p in found
    ), "\n".join(map(str, found))


@pytest.mark.parametrize(
    "path", sorted(BROKEN.glob("check-*.yaml")), ids=lambda p: p.stem
)
def test_a_broken_script_is_reported_for_nothing_else(path: Path) -> None:
    text = path.read_text("utf-8")
    name = f"broken/{path.name}"
    part = text.splitlines()[0].split(": ", 2)[2]
    others = [
        p for p in problems(reading.read({name: text}, name)) if part not in p.what
    ]
    assert [p for p in others if p.severity is Severity.ERROR] == []


def test_a_whole_script_has_nothing_wrong() -> None:
    assert problems(whole()) == []


def test_problems_found_by_others_are_reported_too() -> None:
    stale = Problem("safeguarding/helplines.yaml", 3, "Out of date", "Ring it.")
    assert checking.check(whole(), RULES, syllables, also=[stale]) == [stale]


def test_what_is_said_when_we_are_worried_keeps_to_the_rules() -> None:
    shout = language.Passage("Oh no!", Voice.OLDER, "first.yaml", 7, grave=True)
    found = checking.check(whole(), RULES, syllables, worried=[shout])
    assert [(p.file, p.line) for p in found] == [("first.yaml", 7)]


def test_a_section_for_each_person_may_never_be_asked() -> None:
    script = whole(
        "      - choose: good",
        '      - say: so\n        text: "So."\n      - choose: good',
    )
    reached = reach(script, Voice.OLDER, lengths(script, Voice.OLDER))
    assert reached.steps == {s.id for _, s in script.steps()}
    assert reached.first == {"practice"}


def test_length_is_that_of_one_person_named() -> None:
    figures = checking.figures(whole(), Voice.OLDER, syllables)
    assert figures.questions == 4
    assert 0.5 < figures.minutes < 2


def test_a_person_who_is_never_named_leaves_no_sensitive_end() -> None:
    script = whole(
        "      - choose: good\n"
        '        ask: "Did you like this?"\n'
        '        options: [{id: liked, text: "Yes"}, {id: disliked, text: "No"}]\n',
        "      - write: good\n"
        "        when: {answered: who}\n"
        '        ask: "What was good?"\n',
    )
    assert problems(script) == []


def test_every_published_script_passes() -> None:
    sources = {
        p.relative_to(CONVERSATIONS).as_posix(): p.read_text("utf-8")
        for p in CONVERSATIONS.rglob("*.yaml")
    }
    for path in sorted((CONVERSATIONS / "young-people").glob("*.yaml")):
        script = reading.read(sources, f"young-people/{path.name}")
        found = problems(script)
        assert [p for p in found if p.severity is Severity.ERROR] == []
