"""What was noticed once is noticed ever after, or a check says which is lost."""

from dataclasses import replace
from datetime import date

from engage.core.safeguarding.screening import Screen
from engage.services import proofs, regression, shelves
from tests.speaking import BOOKS

SOURCES = shelves.sources()
LIST = regression.REGRESSION
SCREEN: Screen = BOOKS.detector


def test_nothing_of_the_list_is_lost():
    assert [str(each) for each in regression.lost(SCREEN, SOURCES)] == []


def test_the_list_has_every_level():
    text = SOURCES[LIST]
    for name in ("now:", "concern:", "check:", "none:"):
        assert f"\n{name}\n" in text
    assert text.count("\n  - ") >= 250


def test_a_message_that_is_lost_is_named_with_its_line():
    deaf = replace(SCREEN, model=None, lexicon=replace(SCREEN.lexicon, rules=[]))
    found = regression.lost(deaf, {LIST: 'now:\n  - "he hits me"\n'})
    assert [(each.file, each.line) for each in found] == [(LIST, 2)]
    assert "now, and now not noticed" in found[0].what


def test_a_harmless_message_that_is_flagged_is_named():
    found = regression.lost(SCREEN, {LIST: 'none:\n  - "my da hits me"\n'})
    assert "harmless, and now flagged" in found[0].what


def test_engage_check_refuses_what_loses_one():
    worse = {**SOURCES, LIST: 'now:\n  - "we had chips and it was fun"\n'}
    assert proofs.check_lexicon(worse, date(2026, 12, 1)).errors == 1
