"""Words back to a child: sealed, screened, part of the flag, and never promised."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engage.core.dialogue.answers import LONGEST, Chosen, Place, Silence
from engage.core.duty import messages
from engage.core.duty.messages import Ended, Side
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Outcome, Stage
from engage.core.safeguarding.interruption import Findable
from engage.core.sealing.keys import flag_tag, token_hash
from engage.services import (
    answering_back,
    asking_for_a_person,
    duty_desk,
    joining,
    moving,
    signing_in,
    talking,
    writing_back,
)
from engage.services.syllables import syllables, syllables_of
from engage.services.writing_back import NotSent, Why
from engage.store import flags
from engage.store.tables import metadata
from tests.factories import NOON, PASSWORD, make_flag, make_staff

LATER = NOON + timedelta(minutes=7)
SATURDAY = NOON + timedelta(days=3)
HELLO = "Hello. Are you safe right now?"


@pytest.fixture
def books(app):
    return app.extensions["engage"].library


def begin(store, books, inspection, at=NOON):
    way = joining.Way(inspection.id, Findable.GATHERING, inspection.gathering)
    key = joining.begin(store, books, way, Voice.OLDER, at)
    return talking.open_talk(store, books, key, at)


@pytest.fixture
def talk(store, books, inspection):
    """A talk that has raised a flag."""
    talk = begin(store, books, inspection)
    while (waiting := talk.path.waiting).place != "safe-home":
        talk, _ = talking.answer(talk, waiting.place, Silence.SKIP)
    talk, _ = talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    return talk


def staff(store, name="dee"):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


@pytest.fixture
def me(store, inspection):
    return staff(store)


def flag_of(talk):
    with talk.store.read() as db:
        return flags.by_tag(db, flag_tag(talk.key))


@pytest.fixture
def number(store, talk, me):
    """The flag, opened and taken in hand."""
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    moving.acknowledge(store, me, number, NOON)
    moving.take(store, me, number, NOON)
    return number


def desk(store, me, number):
    return writing_back.thread(store, me, number)


def verbs(store):
    with store.read() as db:
        return list(
            db.execute(text("select verb from journal order by number")).scalars()
        )


def test_what_the_inspector_writes_the_child_reads_and_the_other_way_round(
    store, talk, me, number
):
    writing_back.write(store, me, number, f" {HELLO}\r\nThank you. ", NOON)
    thread = answering_back.news(talk)
    (message,) = thread.unseen
    assert message.text == f"{HELLO}\nThank you."
    assert (message.called, message.sender) == ("Dee", Side.DUTY)
    answering_back.answer(talk, "Yes. Thanks 🙂")
    said = desk(store, me, number).messages
    assert [each.text for each in said] == [message.text, "Yes. Thanks 🙂"]
    assert said[1].sender is Side.CHILD


def test_a_talk_without_a_flag_has_no_thread(store, books, inspection):
    assert answering_back.news(begin(store, books, inspection)) is None


def test_a_flag_that_the_child_raised_by_hand_can_be_answered_too(
    store, books, inspection, me
):
    talk = begin(store, books, inspection)
    asking_for_a_person.ask(talk, "I want to talk to somebody", "")
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    writing_back.write(store, me, number, HELLO, NOON)
    assert answering_back.news(talk).unseen[0].text == HELLO


def test_no_other_talk_finds_or_opens_the_thread(store, books, inspection, talk, me):
    other = begin(store, books, inspection)
    assert answering_back.news(other) is None
    with store.begin() as db:
        db.execute(text("update flag set tag = :tag"), {"tag": flag_tag(other.key)})
    assert answering_back.news(other) is None, "it found it, and cannot open it"


def test_neither_row_says_which_talk_the_flag_is_of(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    traces = (talk.sealed.id, token_hash(talk.key), talk.key.hex())
    with store.read() as db:
        for table in ("thread", "message", "flag"):
            rows = db.execute(metadata.tables[table].select()).all()
            kept = b"".join(
                v if isinstance(v, bytes) else str(v).encode() for r in rows for v in r
            )
            for trace in traces:
                assert trace.encode() not in kept, table
            assert talk.key not in kept, table


def test_a_message_that_was_moved_to_another_flag_does_not_open(
    store, books, inspection, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    other = begin(store, books, inspection)
    asking_for_a_person.ask(other, "Hello", "")
    there = flag_of(other).id
    moving.open_(store, me, there, NOON)
    with store.begin() as db:
        db.execute(text("update message set flag_id = :to"), {"to": there})
    assert answering_back.news(other).messages == ()
    thread = desk(store, me, there)
    assert (thread.messages, thread.altered) == ((), 1)


@pytest.mark.parametrize(
    "change",
    [
        "update message set number = number + 3 where number = 1",
        "update message set envelope = (select envelope from message where number = 2)"
        " where number = 1",
        "update message set envelope = substr(envelope, 1, 30) where number = 1",
    ],
    ids=["renumbered", "replayed", "cut"],
)
def test_an_altered_message_is_not_shown_and_hides_no_other(
    store, talk, me, number, change
):
    writing_back.write(store, me, number, HELLO, NOON)
    writing_back.write(store, me, number, "Take your time.", NOON)
    with store.begin() as db:
        db.execute(text(change))
    thread = desk(store, me, number)
    assert [each.text for each in thread.messages] == ["Take your time."]
    assert thread.altered == 1
    assert len(answering_back.news(talk).messages) == 1


def test_who_wrote_is_sealed_whatever_the_row_says(store, talk, me, number):
    answering_back.answer(talk, "Thanks")
    with store.begin() as db:
        db.execute(text("update message set sender = 'duty'"))
    assert desk(store, me, number).messages[0].sender is Side.CHILD


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", Why.EMPTY),
        (" \r\n ", Why.EMPTY),
        ("x" * (messages.LONGEST + 1), Why.TOO_LONG),
    ],
)
def test_nothing_and_too_much_are_not_sent(store, talk, me, number, words, why):
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, words, NOON)
    assert refused.value.why is why
    assert desk(store, me, number).messages == ()


@pytest.mark.parametrize(
    ("words", "why"), [("  \n", Why.EMPTY), ("x" * (LONGEST + 1), Why.TOO_LONG)]
)
def test_a_child_is_refused_nothing_and_too_much(talk, words, why):
    with pytest.raises(NotSent) as refused:
        answering_back.answer(talk, words)
    assert refused.value.why is why


def test_as_much_as_fits_is_sent(store, talk, me, number):
    writing_back.write(store, me, number, "x" * messages.LONGEST, NOON)
    answering_back.answer(talk, "y" * LONGEST)
    assert len(desk(store, me, number).messages) == 2


def test_a_double_click_sends_once_and_the_same_words_later_twice(
    store, talk, me, number
):
    for _ in range(2):
        writing_back.write(store, me, number, HELLO, NOON, after=0)
        answering_back.answer(talk, "Thanks", after=0)
    assert len(desk(store, me, number).messages) == 2
    writing_back.write(store, me, number, HELLO, NOON, after=2)
    answering_back.answer(talk, "Thanks", after=2)
    assert len(desk(store, me, number).messages) == 4


def test_when_the_child_saw_it_is_noted_once(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    assert desk(store, me, number).messages[0].seen_at is None
    for at in (LATER, LATER + timedelta(hours=1)):
        there = replace(talk, now=at)
        answering_back.saw(there, answering_back.news(there), 1)
    assert desk(store, me, number).messages[0].seen_at == LATER
    assert verbs(store).count("the child saw it") == 1


def test_what_was_not_on_the_screen_yet_is_not_seen(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    thread = answering_back.news(talk)
    writing_back.write(store, me, number, "One more.", NOON)
    answering_back.saw(talk, thread, thread.last)
    assert [each.text for each in answering_back.news(talk).unseen] == ["One more."]


def test_what_waits_for_the_desk_is_counted_until_it_was_seen(store, talk, me, number):
    answering_back.answer(talk, "Thanks")
    answering_back.answer(talk, "I like it here")
    assert writing_back.unread(store, me) == {number: 2}
    assert desk(store, me, number).unread
    writing_back.saw(store, me, number, 2, LATER)
    assert writing_back.unread(store, me) == {}
    assert not desk(store, me, number).unread


def test_what_a_child_writes_back_is_in_the_flag_with_what_they_were_asked(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "Yes, at my gran’s")
    note = duty_desk.read(store, me, number).notes[-1]
    assert (note.kind, note.words) == ("added", "Yes, at my gran’s")
    assert note.prompt == HELLO
    assert note.place == "messages/2"


def test_thanks_do_not_set_the_clock_going_again(store, talk, me, number):
    before = flag_of(talk)
    answering_back.answer(talk, "Thank you")
    assert flag_of(talk) == before
    assert before.stage is Stage.IN_HAND
    assert verbs(store)[-1] == "the child wrote"
    assert answering_back.news(talk).messages[-1].told == ()


def test_a_new_worry_sets_the_clock_going_and_the_child_is_told(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    there = replace(talk, now=LATER)
    answering_back.answer(there, "No")
    flag = flag_of(talk)
    assert (flag.stage, flag.next_at) == (Stage.RAISED, LATER)
    assert flag.due_at == LATER + timedelta(minutes=30)
    told = answering_back.news(talk).messages[-1].told
    assert any("can’t keep this private" in each for each in told)
    assert any("12:37" in each for each in told)
    later = replace(talk, now=NOON + timedelta(hours=2))
    assert answering_back.news(later).messages[-1].told == told


def test_what_is_worse_than_the_flag_raises_its_level(store, talk, me, number):
    assert flag_of(talk).level is Level.CONCERN
    answering_back.answer(talk, "he is hitting me right now please help")
    assert flag_of(talk).level is Level.NOW


def test_a_small_worry_is_passed_on_since_nobody_asks_about_it_here(
    store, talk, me, number
):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "not sure")
    assert flag_of(talk).stage is Stage.RAISED
    assert flag_of(talk).level is Level.CONCERN


def test_words_in_pieces_are_put_together(store, talk, me, number):
    answering_back.answer(talk, "I want to")
    assert flag_of(talk).stage is Stage.IN_HAND
    answering_back.answer(talk, "die")
    assert flag_of(talk).stage is Stage.RAISED


def test_somebody_looks_again_when_a_child_writes_to_a_closed_flag(
    store, talk, me, number
):
    moving.close(store, me, number, Outcome.NOT_A_CONCERN, "A joke", NOON)
    answering_back.answer(replace(talk, now=LATER), "Hello again")
    flag = flag_of(talk)
    assert (flag.stage, flag.next_at) == (Stage.RAISED, LATER)


def test_messages_are_hidden_until_the_new_worry_is_opened(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "No")
    thread = desk(store, me, number)
    assert (thread.messages, thread.why_not) == ((), Why.NOT_OPENED)
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, "Why?", NOON)
    assert refused.value.why is Why.NOT_OPENED
    moving.open_(store, me, number, LATER)
    assert len(desk(store, me, number).messages) == 2


def test_what_the_child_closed_stays_closed_to_the_desk_until_they_open_it(
    store, talk, me, number
):
    answering_back.close(talk)
    answering_back.close(talk)
    assert desk(store, me, number).ended is Ended.CHILD
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, me, number, HELLO, NOON)
    assert refused.value.why is Why.ENDED
    answering_back.reopen(talk)
    writing_back.write(store, me, number, HELLO, NOON)
    assert verbs(store).count("messages closed") == 1


def test_what_the_desk_closed_opens_when_either_writes(store, talk, me, number):
    writing_back.close(store, me, number, NOON)
    answering_back.reopen(talk)
    assert answering_back.news(talk).ended is Ended.DUTY
    writing_back.write(store, me, number, HELLO, NOON)
    assert answering_back.news(talk).ended is None


def test_a_child_is_heard_also_when_the_desk_has_closed(store, talk, me, number):
    writing_back.close(store, me, number, NOON)
    answering_back.answer(replace(talk, now=LATER), "Are you there")
    assert answering_back.news(talk).ended is None
    assert flag_of(talk).stage is Stage.RAISED, "somebody is told to look"


def test_the_desk_knows_that_a_talk_was_deleted_and_not_which(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.answer(talk, "Thanks")
    talking.delete(talk)
    thread = desk(store, me, number)
    assert thread.ended is Ended.DELETED
    assert len(thread.messages) == 2, "what was passed on stays"
    with pytest.raises(NotSent):
        writing_back.write(store, me, number, HELLO, NOON)


def test_whoever_holds_no_key_reads_and_writes_nothing(store, talk, me, inspection):
    lena = staff(store, "lena")
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    with store.begin() as db:
        db.execute(
            text("delete from vault_grant where staff_id = :id"), {"id": lena.id}
        )
    assert desk(store, lena, number).why_not is Why.NO_KEY
    with pytest.raises(NotSent) as refused:
        writing_back.write(store, lena, number, HELLO, NOON)
    assert refused.value.why is Why.NO_KEY


def test_somebody_on_another_inspection_finds_no_thread(store, talk, me, number):
    make_staff(store, "stranger", "Stran Ger", me.role)
    stranger = staff(store, "stranger")
    for act in (
        lambda: desk(store, stranger, number),
        lambda: writing_back.write(store, stranger, number, HELLO, NOON),
        lambda: writing_back.saw(store, stranger, number, 9, NOON),
        lambda: writing_back.close(store, stranger, number, NOON),
    ):
        with pytest.raises(duty_desk.NotThere):
            act()


def test_a_flag_that_came_out_of_no_talk_has_nowhere_to_write_to(store, inspection, me):
    number = make_flag(store, inspection)
    moving.open_(store, me, number, NOON)
    assert desk(store, me, number).why_not is Why.NO_THREAD


def test_the_journal_tells_each_move_and_no_word(store, talk, me, number):
    writing_back.write(store, me, number, HELLO, NOON)
    answering_back.saw(talk, answering_back.news(talk), 1)
    answering_back.answer(talk, "Thanks kanarienvogel")
    answering_back.close(talk)
    with store.read() as db:
        rows = db.execute(
            text("select verb, staff_id, flag_id, detail from journal order by number")
        ).all()
    assert [(row.verb, row.staff_id) for row in rows[-4:]] == [
        ("wrote to the child", me.id),
        ("the child saw it", None),
        ("the child wrote", None),
        ("messages closed", None),
    ]
    assert {row.flag_id for row in rows[-4:]} == {number}
    assert "kanarienvogel" not in "".join(row.detail for row in rows)


def test_it_is_known_whether_anybody_reads(talk):
    assert answering_back.reading(talk).called == ("Dee Duty",)
    away = answering_back.reading(replace(talk, now=SATURDAY))
    assert away.who == ()
    assert away.back_at == NOON.replace(hour=9) + timedelta(days=5)


def test_a_few_syllables_are_counted_like_all():
    words = [
        "window",
        "Dee’s",
        "wee",
        "placement",
        "xylqz",
        "2026",
        "caused",
        "Children's",
    ]
    few = syllables_of(words)
    assert [few(word) for word in words] == [syllables(word) for word in words]


def test_hints_come_from_the_words_we_do_not_use(books, me):
    (hint,) = writing_back.hints(books, "Do you like your placement?")
    assert hint.found == "placement"
    assert writing_back.openings(books, me)[0].startswith("Hello. I’m Dee.")
