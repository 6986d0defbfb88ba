"""Replay every conversation in tests/transcripts: `<` is the child, `>` is the bot.

The first line says which talk it is. A line `! note` is what reached the duty desk.
`python -m tests.write_transcripts` writes them again, for a person to read and agree.
"""

from pathlib import Path

import pytest

from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from tests.speaking import after_lines, bot_lines, given_from_words, speaking

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
    """The whole conversation as lines; `reply(turn)` is what the child says there."""
    talk = begin(header)
    lines = [header]
    shown = set()
    while True:
        for turn in talk.path.turns:
            if turn.place not in shown:
                lines += [f"> {each}" for each in bot_lines(talk, turn)]
                shown.add(turn.place)
        waiting = talk.path.waiting
        if waiting is None:
            return lines
        typed = reply(waiting)
        lines.append(f"< {typed}")
        before = talk.notes
        given = given_from_words(talk, waiting, typed)
        talk = talk.says(waiting.place, given)
        answered = talk.path.places[waiting.place]
        lines += [f"> {each}" for each in after_lines(talk, answered)]
        lines += [
            f"! {note.kind}, {note.level}: {note.words}"
            for note in talk.notes[len(before) :]
        ]


FILES = sorted(FOLDER.rglob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written(file):
    lines = file.read_text("utf-8").splitlines()
    said = iter([line[2:] for line in lines if line.startswith("< ")])

    assert transcript(lines[0], lambda _turn: next(said)) == lines
    assert next(said, None) is None, "the child said more than was asked"


def test_there_are_conversations_to_read():
    assert len(FILES) >= 9
