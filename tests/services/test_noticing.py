"""The folder's own lexicon is whole, quick to start, and survives somebody's slip."""

import logging
import shutil

import pytest

from engage import paths
from engage.core.safeguarding.reading_lexicon import broken_tests, read_lexicon
from engage.services import noticing, shelves
from tests.cost import fastest

SOURCES = shelves.sources()


@pytest.fixture(scope="module")
def read():
    return read_lexicon(noticing.lexicon_files(SOURCES))


def test_every_rule_keeps_what_its_own_messages_promise(read):
    assert [str(problem) for problem in broken_tests(read)] == []


def test_every_file_says_who_reviewed_it_and_every_rule_gives_a_reason(read):
    assert all(read.languages.values())
    assert all(rule.because.endswith(".") for rule in read.rules)


@pytest.mark.parametrize("language", ["gd", "pl", "uk", "ur", "ar"])
def test_every_language_has_real_breadth(read, language):
    files = [rule for rule in read.rules if rule.id.startswith(f"{language}-")]
    assert sum(len(rule.patterns) for rule in files) >= 60


def test_what_is_compiled_is_what_is_written(read):
    quick = noticing.load_lexicon(paths.CONVERSATIONS, SOURCES)
    assert [rule.id for rule in quick.rules] == [rule.id for rule in read.rules]
    assert quick.slots == read.slots
    assert [r.patterns for r in quick.rules] == [r.patterns for r in read.rules]
    weak = [[r.unless_ordinary for r in each.rules] for each in (quick, read)]
    assert weak[0] == weak[1]
    assert any(weak[0])


def test_it_starts_quickly():
    assert fastest(lambda: noticing.load(paths.CONVERSATIONS, SOURCES)) < 2.0


def test_with_a_broken_file_the_last_good_one_goes_on(tmp_path, caplog):
    shutil.copytree(paths.CONVERSATIONS / "safeguarding", tmp_path / "safeguarding")
    file = tmp_path / noticing.LEXICON / "base.yaml"
    file.write_text(file.read_text("utf-8") + "\nrules: [{id: x}]\n", "utf-8")
    with caplog.at_level(logging.ERROR):
        screen = noticing.load(tmp_path, shelves.sources(tmp_path))
    assert screen.decide("ma da hits me").level is not None
    assert "base.yaml" in caplog.text


def test_an_edited_file_counts_at_once(tmp_path):
    shutil.copytree(paths.CONVERSATIONS / "safeguarding", tmp_path / "safeguarding")
    added = tmp_path / noticing.LEXICON / "zz-added.yaml"
    added.write_text(
        "language: English\nreviewed-by: nobody yet\nlast-checked: 2026-11-25\n"
        "rules:\n"
        "  - id: zz-zorbles\n"
        "    level: now\n"
        "    category: physical\n"
        '    because: "An invented word."\n'
        "    look-for: [zorbles me]\n"
        "    must: [he zorbles me, zorbles me, she zorbles me]\n"
        "    must-not: [zorbles, zorbles you, me]\n",
        "utf-8",
    )
    screen = noticing.load(tmp_path, shelves.sources(tmp_path))
    assert screen.decide("he zorbles me").because[0].rule == "zz-zorbles"


def test_a_bare_rule_is_read_with_what_must_have_been_asked(read):
    bare = [rule for rule in read.rules if rule.asked]
    assert len(bare) >= 4
    assert all(" > " in text for rule in bare for text in rule.must)
