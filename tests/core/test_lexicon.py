"""What is looked for is found in its clause, denied or framed as people read it."""

import pytest

from engage.core.dialogue.problems import Unreadable
from engage.core.safeguarding import compiled
from engage.core.safeguarding.reading_lexicon import broken_tests, read_lexicon
from tests.cost import fastest

FILE = """\
language: English
reviewed-by: nobody yet
last-checked: 2026-11-25
slots:
  not: [never, doesnt, nobody]
  but: [but]
  adult: [dad, step dad, "uncle*"]
  hits: [hits, "batter*"]
spellings:
  da: dad
  wen: when
rules:
  - id: hits-me
    level: concern
    category: physical
    because: "They write that somebody hits them."
    look-for: [<adult> .. <hits> me, <hits> me when]
    must: [dad hits me, ma da really batters me, uncles hits me]
    must-not: [dad hits. me too, dad never hits me, the ball hit me]
  - id: not-safe
    level: check
    category: emotional
    because: "They are not safe."
    never-denied: true
    look-for: [not safe]
    must: [not safe, "i am not safe", never not safe]
    must-not: [safe, not very safe, "not. safe"]
frames:
  - id: chess
    because: "A game."
    look-for: [<hits> me when we play, dad batters me]
    must: [hits me when we play, dad batters me, "so dad batters me at chess"]
    must-not: [hits me, dad hits me, plays]
"""


def lexicon(text=FILE):
    return read_lexicon({"a.yaml": text})


def hits(text):
    return [(hit.rule.id, hit.denied, hit.framed) for hit in lexicon().look(text).hits]


def test_its_own_messages_are_tried():
    assert broken_tests(lexicon()) == []
    wrong = FILE.replace("must: [dad hits me,", "must: [mum hits me,")
    (problem,) = broken_tests(lexicon(wrong))
    assert 'it does not match "mum hits me"' in problem.what
    assert problem.line == 13


def test_a_gap_reaches_three_words_and_not_into_the_next_sentence():
    assert hits("dad a b c hits me") == [("hits-me", False, False)]
    assert hits("dad a b c d hits me") == []
    assert hits("dad! hits me") == []


def test_a_row_of_words_and_a_beginning_stand_for_a_slot():
    assert hits("my step dad hits me") == [("hits-me", False, False)]
    assert hits("uncle battering me") == [("hits-me", False, False)]


@pytest.mark.parametrize(
    "text",
    ["nobody like dad hits me", "dad never hits me", "dad doesnt ever hits me"],
)
def test_a_not_before_or_inside_denies(text):
    assert hits(text) == [("hits-me", True, False)]


@pytest.mark.parametrize(
    "text",
    ["he never shouts. dad hits me", "never at school but dad hits me"],
)
def test_a_not_in_another_clause_denies_nothing(text):
    assert hits(text) == [("hits-me", False, False)]


def test_a_worry_that_is_itself_a_not_is_never_denied():
    assert hits("i am never not safe") == [("not-safe", False, False)]


def test_a_frame_takes_away_what_it_covers_and_marks_what_it_touches():
    assert hits("dad batters me") == []
    assert hits("dad hits me when we play") == [("hits-me", False, True)]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("level: concern", "level: bad", 14, '"bad" is not a level'),
        ("category: physical", "category: sad", 13, 'no category "sad"'),
        ("<adult> .. <hits>", "<aunt> .. <hits>", 17, "no slot <aunt>"),
        ("look-for: [not safe]", "look-for: [.. safe]", 25, "begins or ends"),
        ("must: [not safe, ", "must: [", 26, "must has 2"),
        ("  - id: not-safe", "  - id: hits-me", 20, "two rules are called"),
        ('    because: "A game."', "    becuase: x", 30, "means nothing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old, new, line, what):
    with pytest.raises(Unreadable) as refused:
        lexicon(FILE.replace(old, new, 1))
    said = [(p.line, p.what) for p in refused.value.problems]
    assert any(what in words for _, words in said), said
    assert any(abs(at - line) <= 2 for at, _ in said), said


def test_compiled_it_finds_the_same():
    files = {"a.yaml": FILE}
    record = compiled.to_record(lexicon(), compiled.digest_of(files))
    again = compiled.from_record(record, ())
    for text in ("ma da batters me", "dad never hits me", "not safe"):
        here, there = lexicon().look(text), again.look(text)
        assert [h.rule.id for h in here.hits] == [h.rule.id for h in there.hits]
        assert here.words == there.words


@pytest.mark.parametrize(
    "shape", ["dad ", "hits me ", "never ", "step ", "dad hits me. "]
)
def test_time_grows_with_the_length_alone(shape):
    found = lexicon()
    assert fastest(lambda: found.look(shape * 5_000)) < 0.5
