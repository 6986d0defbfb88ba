"""A talk from its key: pinned to its script, sealed, and kept with its flag."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from engage.core.dialogue import reading
from engage.core.dialogue.answers import Chosen, Place, Silence
from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from engage.services import joining, library, talking
from engage.services.talking import NoTalk
from engage.store.tables import metadata
from tests.factories import NOON


@pytest.fixture
def books(app):
    return app.extensions["engage"].library


@pytest.fixture
def way(inspection):
    return joining.Way(inspection.id, Findable.GATHERING, inspection.gathering)


def begin(store, books, way, voice=Voice.OLDER):
    key = joining.begin(store, books, way, voice, NOON)
    return talking.open_talk(store, books, key, NOON)


def skip_to(talk, place):
    while (waiting := talk.path.waiting).place != place:
        talk, _ = talking.answer(talk, waiting.place, Silence.SKIP)
    return talk


def again(talk):
    return talking.open_talk(talk.store, talk.library, talk.key, talk.now)


def test_a_talk_goes_on_in_the_words_it_began_with(store, books, way):
    talk = skip_to(begin(store, books, way), "life-cards")
    name = "young-people/living-at-home.yaml"
    changed = {
        path: words.replace("Put each card in the pile", "Sort every card")
        for path, words in library.sources().items()
    }
    script = reading.read(changed, name)
    assert script.digest != talk.script.digest
    later = replace(
        books,
        sources=changed,
        published={**books.published, script.id: script},
        by_digest={script.digest: script},
    )
    later.keep(store)

    resumed = talking.open_talk(store, later, talk.key, NOON)
    begun = begin(store, later, way)

    assert "Put each card" in resumed.path.waiting.step.ask.for_voice(Voice.OLDER)
    assert begun.script.digest == script.digest


def test_an_answer_and_its_flag_are_kept_together_or_not_at_all(
    store, books, way, monkeypatch
):
    talk = skip_to(begin(store, books, way), "safe-home")

    def power_cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(talking.flagging, "carry_out", power_cut)
    with pytest.raises(KeyboardInterrupt):
        talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    monkeypatch.undo()

    assert again(talk).path.waiting.place == "safe-home"
    with store.read() as db:
        assert db.execute(text("select count(*) from flag")).scalar() == 0


@pytest.mark.parametrize(
    "change",
    [
        "update answer set number = number + 100 where number = 2",
        "update answer set envelope = substr(envelope, 1, 40) where number = 2",
        "update answer set envelope = (select envelope from answer where number = 1)"
        " where number = 2",
        "update talk set digest = 'another'",
    ],
    ids=["moved", "truncated", "replayed", "script"],
)
def test_a_talk_whose_rows_were_altered_does_not_open(store, books, way, change):
    talk = skip_to(begin(store, books, way), "home-word")
    with store.begin() as db:
        db.execute(text("pragma foreign_keys = off"))
        db.execute(text("pragma defer_foreign_keys = on"))
        if "digest" in change:
            db.execute(
                text("insert into script values ('another', :files)"),
                {"files": json.dumps({"": "x"})},
            )
        db.execute(text(change))
    with pytest.raises(NoTalk):
        again(talk)


def test_rows_swapped_between_two_talks_open_neither(store, books, way):
    one = skip_to(begin(store, books, way), "home-word")
    two = skip_to(begin(store, books, way), "home-word")
    first = "select envelope from answer where talk_id = :id and number = 1"
    put = "update answer set envelope = :envelope where talk_id = :id and number = 1"
    with store.begin() as db:
        kept = [
            db.execute(text(first), {"id": talk.sealed.id}).scalar()
            for talk in (one, two)
        ]
        for talk, other in zip((one, two), reversed(kept), strict=True):
            db.execute(text(put), {"id": talk.sealed.id, "envelope": other})
    for talk in (one, two):
        with pytest.raises(NoTalk):
            again(talk)


def test_deleting_leaves_no_row_of_the_talk(store, books, way):
    talk = skip_to(begin(store, books, way), "safe-home")
    talk, _ = talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    talking.delete(talk)
    with store.read() as db:
        rows = {
            name: db.execute(
                select(func.count()).select_from(metadata.tables[name])
            ).scalar()
            for name in ("talk", "answer", "talk_key", "flag")
        }
    assert rows == {"talk": 0, "answer": 0, "talk_key": 0, "flag": 1}
    with pytest.raises(NoTalk):
        again(talk)


def test_the_time_that_was_promised_does_not_move_on_a_reload(store, books, way):
    talk = skip_to(begin(store, books, way), "safe-home")
    talk, _ = talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    source = talk.path.places[Place("safe-home")].answer
    later = replace(again(talk), now=NOON.replace(hour=15))
    assert later.path.places[Place("safe-home")].answer == source
    assert any("12:30" in each for each in source.told)
