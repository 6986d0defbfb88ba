"""Slang changes: a rule about coded words says who keeps it and when they looked."""

from datetime import date

import pytest

from engage.core.dialogue.problems import Severity, Unreadable
from engage.core.safeguarding.coded_words import to_look_at
from engage.core.safeguarding.reading_lexicon import read_lexicon

FILE = """\
language: English
reviewed-by: nobody yet
last-checked: 2026-11-25
rules:
  - id: plain
    level: concern
    category: physical
    because: "Somebody hits them."
    look-for: [hits me]
    must: [hits me, he hits me, she hits me]
    must-not: [hit, me, hits]
  - id: coded
    owner: youth worker
    last-checked: 2026-08-01
    level: concern
    category: suicide
    because: "A coded word for suicide."
    look-for: [unalive myself]
    must: [unalive myself, to unalive myself, unalive myself soon]
    must-not: [unalive, myself, alive]
"""


def told(text, today):
    return to_look_at(read_lexicon({"a.yaml": text}).rules, today)


def test_nothing_is_said_for_a_quarter():
    assert told(FILE, date(2026, 11, 1)) == []


def test_after_a_quarter_somebody_is_asked_to_look_again():
    (found,) = told(FILE, date(2026, 11, 2))
    assert (found.file, found.line) == ("a.yaml", 12)
    assert "coded words of coded were last checked on 2026-08-01" in found.what
    assert found.severity is Severity.WARNING


def test_coded_words_that_nobody_keeps_are_named():
    (found,) = told(FILE.replace("youth worker", "nobody yet"), date(2026, 8, 2))
    assert found.what == "nobody keeps the coded words of coded"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("    owner: youth worker\n", 'has no "owner"'),
        ("    last-checked: 2026-08-01\n", 'has no "last-checked"'),
    ],
)
def test_one_without_the_other_is_refused(line, says):
    with pytest.raises(Unreadable, match=says):
        read_lexicon({"a.yaml": FILE.replace(line, "")})


def test_a_day_that_is_none_is_refused_with_its_line():
    with pytest.raises(Unreadable, match=r'a\.yaml:14: last-checked cannot be "soon"'):
        read_lexicon({"a.yaml": FILE.replace("2026-08-01", "soon")})
