"""Every fault in a script is reported where it stands, with what to do about it."""

import re
from pathlib import Path

import pytest

from engage.core.dialogue.problems import Problem, Severity, Unreadable, one_of
from engage.core.dialogue.reading import read
from engage.core.dialogue.script import Kind
from tests.core.talk_sources import SCALES, SCRIPT, SOURCES, TALK

BROKEN = Path(__file__).parents[1] / "scripts" / "broken"
EXPECT = re.compile(r"^# expect: (\d+): (.+)$", re.MULTILINE)


def problems_in(sources: dict[str, str], name: str = TALK) -> list[Problem]:
    with pytest.raises(Unreadable) as caught:
        read(sources, name)
    return caught.value.problems


def broken_cases() -> list[Path]:
    return sorted(BROKEN.glob("read-*"))


def broken_sources(case: Path) -> tuple[dict[str, str], str]:
    if case.is_file():
        name = f"young-people/{case.name}"
        return {name: case.read_text(), "scales.yaml": SCALES}, name
    files = {
        p.relative_to(case).as_posix(): p.read_text() for p in case.rglob("*.yaml")
    }
    return {"scales.yaml": SCALES} | files, TALK


@pytest.mark.parametrize("case", broken_cases(), ids=lambda case: case.stem)
def test_a_broken_script_is_reported_where_it_is_broken(case: Path):
    sources, name = broken_sources(case)
    expected = {
        (file, int(line), part)
        for file, text in sources.items()
        for line, part in EXPECT.findall(text)
    }
    found = problems_in(sources, name)

    assert expected, f"{case.name} does not say what to expect"
    for file, line, part in expected:
        assert any(
            p.file == file and p.line == line and part in p.what for p in found
        ), "\n".join(map(str, found))
    extra = [p for p in found if (p.file, p.line) not in {e[:2] for e in expected}]
    assert not extra, "one fault should not bring others with it"


@pytest.mark.parametrize("case", broken_cases(), ids=lambda case: case.stem)
def test_every_problem_says_what_to_do_in_a_sentence(case: Path):
    for problem in problems_in(*broken_sources(case)):
        assert not problem.what.endswith("."), problem
        assert problem.do.endswith("."), problem
        assert problem.severity is Severity.ERROR


def test_every_fault_is_reported_at_once():
    faulty = SCRIPT.replace("choose-many: like", "choose-mny: like")
    faulty = faulty.replace("arc: cool-down", "arc: cold")
    faulty = faulty.replace("points: how-much", "points: how-mch")
    found = problems_in(SOURCES | {TALK: faulty})

    assert len(found) == 3, "\n".join(map(str, found))
    assert found == sorted(found)


def test_a_file_over_64_kilobytes_is_refused():
    found = problems_in(SOURCES | {TALK: SCRIPT + "#" * 64 * 1024})

    assert [(p.line, p.what) for p in found] == [(1, "this file is larger than 64 kB")]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "this file is empty"),
        ("hello", "the file should be lines of the form key: value"),
        ("a: " + "[" * 5000, "nested too deeply"),
        ("a: \x00", "a character here cannot be read"),
        ("a: &a [*a]", "begins with *"),
        ("{[a]: b}", "a key of the file is not a word"),
        ("a: b\n---\nc: d", "the file cannot be read here"),
        ("sections:", '"sections" should be a list'),
        ("{[a]: b, sections: [c, {include: [d]}]}", "a section should be lines"),
    ],
)
def test_what_is_no_script_at_all_is_reported_and_not_raised(text: str, part: str):
    found = problems_in({TALK: text})

    assert any(part in p.what for p in found), "\n".join(map(str, found))


def test_a_script_that_is_not_there_is_reported():
    assert "no such file" in problems_in({}, TALK)[0].what


def test_a_problem_reads_as_file_line_what_and_do():
    problem = Problem(TALK, 7, '"scael" is not a kind of step', "Use one of: scale.")

    assert (
        str(problem) == f'{TALK}:7: "scael" is not a kind of step. Use one of: scale.'
    )


def test_the_nearest_word_is_offered_first():
    assert one_of(Kind, "scael").startswith('Did you mean "scale"? Use one of: say,')
