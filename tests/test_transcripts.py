"""Replay every conversation in tests/transcripts: `<` is the child, `>` is the bot.

The first line says which talk it is. A line `! note` is what reached the duty desk.
`< (back to safe-home) Never` is an answer that the child changed, and goes on from.
`python -m tests.write_transcripts` writes them again, for a person to read and agree.
"""

import re
from pathlib import Path

import pytest

from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from tests.speaking import after_lines, bot_lines, given_from_words, speaking

BACK = re.compile(r"\(back to (\S+)\) (.+)")
FOLDER = Path(__file__).parent / "transcripts"


def begin(header):
    """`# living-at-home, older, by card, without cover` → a talk."""
    script, voice, way, cover = header.removeprefix("# ").split(", ")
    return speaking(
        script,
        Voice(voice),
        findable=Findable(way.removeprefix("by ")),
        covered=cover == "with cover",
    )


def transcript(header, reply):
    """The whole conversation as lines.

    `reply(waiting)` is what the child says there; `waiting` is None at the end.
    """
    talk = begin(header)
    lines = [header, *new_lines(talk, {})]
    while True:
        typed = reply(talk.path.waiting)
        if typed is None:
            assert talk.path.ended, "the child was asked more than they say"
            return lines
        before, talk = talk, said(talk, typed)
        answered = talk.path.places[talk.answers[-1].place]
        lines += [f"< {typed}", *(f"> {each}" for each in after_lines(talk, answered))]
        lines += [
            f"! {note.kind}, {note.level}: {note.words}"
            for note in talk.notes[len(before.notes) :]
        ]
        lines += new_lines(talk, before.path.places)


def said(talk, typed):
    back = BACK.fullmatch(typed)
    turn = talk.path.places[back[1]] if back else talk.path.waiting
    given = given_from_words(talk, turn, back[2] if back else typed)
    return talk.says(turn.place, given)


def new_lines(talk, shown):
    """What the bot says where the path has not been yet."""
    new = [turn for turn in talk.path.turns if turn.place not in shown]
    return [f"> {line}" for turn in new for line in bot_lines(talk, turn)]


FILES = sorted(FOLDER.rglob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written(file):
    lines = file.read_text("utf-8").splitlines()
    says = iter([line[2:] for line in lines if line.startswith("< ")])

    assert transcript(lines[0], lambda _waiting: next(says, None)) == lines


def test_there_are_conversations_to_read():
    assert len(FILES) >= 13
