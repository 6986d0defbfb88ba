import os
import threading

import pytest

from engage.core.people import TalkId
from engage.core.sealing.envelope import Context, WontOpen, lock, unlock
from engage.core.sealing.keys import Sealed, token_hash
from engage.store import talks
from engage.store.tables import answer, metadata, talk
from tests.store.making import (
    DAY,
    DIGEST,
    TALK,
    Scene,
    make_scene,
    make_talk,
    nonce,
)

OTHER = TalkId("b" * 32)
KEY, OTHER_KEY = bytes(32), bytes([1] * 32)


def at(number: int, talk_id: TalkId = TALK, inspection: int = 1) -> Context:
    return Context(Sealed.ANSWER, inspection, talk_id, number, DIGEST)


def said(db, words: str, number: int, talk_id: TalkId = TALK, key: bytes = KEY):
    envelope = lock(key, words.encode(), at(number, talk_id), nonce())
    talks.append(db, talk_id, number, envelope)


def read_again(db, key: bytes = KEY) -> list[str]:
    found = talks.load(db, token_hash(key))
    assert found is not None
    return [
        unlock(key, each.envelope, at(each.number, found.id)).decode()
        for each in found.answers
    ]


@pytest.fixture
def two_talks(store) -> Scene:
    with store.begin() as db:
        scene = make_scene(db)
        make_talk(db, scene, TALK, token_hash(KEY))
        make_talk(db, scene, OTHER, token_hash(OTHER_KEY))
        said(db, "I like football", 1)
        said(db, "My gran helps me", 2)
        said(db, "Something else", 1, OTHER, OTHER_KEY)
    return scene


def alter(store, number: int, envelope: bytes) -> None:
    with store.begin() as db:
        db.execute(
            answer.update()
            .where(answer.c.talk_id == TALK, answer.c.number == number)
            .values(envelope=envelope)
        )


def envelope_of(store, talk_id: TalkId, number: int) -> bytes:
    with store.read() as db:
        found = talks.by_id(db, talk_id)
        assert found is not None
        return found.answers[number - 1].envelope


def refuses(store) -> None:
    with store.read() as db, pytest.raises(WontOpen):
        read_again(db)


def test_a_talk_comes_back_whole_and_in_order(store, two_talks):
    with store.read() as db:
        found = talks.load(db, token_hash(KEY))
        assert found == talks.by_id(db, TALK)
        assert (found.id, found.day, found.digest) == (TALK, DAY, DIGEST)
        assert (found.head, found.gathering) == (b"head", None)
        assert found.inspection == two_talks.inspection
        assert read_again(db) == ["I like football", "My gran helps me"]


def test_a_talk_without_answers_comes_back(store):
    with store.begin() as db:
        make_talk(db, make_scene(db))
    with store.read() as db:
        assert talks.load(db, "k").answers == ()


def test_nobody_finds_a_talk_without_its_key(store, two_talks):
    with store.read() as db:
        assert talks.load(db, token_hash(os.urandom(32))) is None
        assert talks.by_id(db, TalkId("c" * 32)) is None


def test_an_answer_swapped_with_another_of_the_same_talk_does_not_open(
    store, two_talks
):
    alter(store, 1, envelope_of(store, TALK, 2))
    refuses(store)


def test_an_answer_moved_from_another_talk_does_not_open(store, two_talks):
    alter(store, 1, envelope_of(store, OTHER, 1))
    refuses(store)


def test_an_answer_replayed_as_a_later_one_does_not_open(store, two_talks):
    with store.write() as db:
        talks.append(db, TALK, 3, envelope_of(store, TALK, 1))
    refuses(store)


def test_a_truncated_answer_does_not_open(store, two_talks):
    alter(store, 1, envelope_of(store, TALK, 1)[:-1])
    refuses(store)


def test_an_answer_with_one_bit_changed_does_not_open(store, two_talks):
    envelope = bytearray(envelope_of(store, TALK, 1))
    envelope[len(envelope) // 2] ^= 1
    alter(store, 1, bytes(envelope))
    refuses(store)


def test_answers_of_a_talk_given_another_id_do_not_open(store, two_talks):
    with store.read() as db:
        found = talks.load(db, token_hash(KEY))
    with pytest.raises(WontOpen):
        unlock(KEY, found.answers[0].envelope, at(1, OTHER))


def test_answers_moved_to_another_inspection_do_not_open(store, two_talks):
    with pytest.raises(WontOpen):
        unlock(KEY, envelope_of(store, TALK, 1), at(1, inspection=2))


def test_the_same_turn_twice_leaves_the_first_answer(store, two_talks):
    with store.write() as db, pytest.raises(talks.TurnTaken):
        said(db, "Too late", 2)
    with store.read() as db:
        assert read_again(db) == ["I like football", "My gran helps me"]


def test_a_transaction_outlives_a_turn_that_was_taken(store, two_talks):
    with store.begin() as db:
        with pytest.raises(talks.TurnTaken):
            said(db, "Too late", 2)
        said(db, "And my dog", 3)
    with store.read() as db:
        assert read_again(db)[2] == "And my dog"


def test_no_answer_is_added_to_a_talk_that_has_gone(store, two_talks):
    with store.write() as db, pytest.raises(talks.TalkGone) as refusal:
        talks.append(db, TalkId("c" * 32), 1, b"sealed")
    assert refusal.value.__suppress_context__


def test_a_transaction_that_fails_leaves_nothing(store, two_talks):
    with pytest.raises(LookupError), store.begin() as db:
        said(db, "Never said", 3)
        raise LookupError
    with store.read() as db:
        assert len(read_again(db)) == 2


def test_withdrawing_leaves_no_row_of_the_talk(store, two_talks):
    with store.begin() as db:
        assert talks.delete(db, TALK)
    with store.read() as db:
        for table in metadata.tables.values():
            column = table.c.id if table is talk else table.c.get("talk_id")
            if column is not None:
                assert db.execute(table.select().where(column == TALK)).all() == []
        assert talks.by_id(db, OTHER) is not None
        assert talks.count(db, two_talks.inspection) == 1


def test_withdrawing_twice_is_no_matter(store, two_talks):
    with store.begin() as db:
        assert talks.delete(db, TALK)
        assert not talks.delete(db, TALK)


def test_a_vault_finds_the_keys_that_were_sealed_to_it(store, two_talks):
    with store.read() as db:
        sealed = talks.keys(db, two_talks.evidence)
        assert sealed == {TALK: b"sealed key", OTHER: b"sealed key"}
        assert talks.keys(db, two_talks.duty) == {}


def test_sixteen_answers_at_once_are_all_kept(store, two_talks):
    def answer_one(number: int) -> None:
        envelope = lock(KEY, b"at once", at(number), nonce())
        with store.write() as db:
            talks.append(db, TALK, number, envelope)

    threads = [threading.Thread(target=answer_one, args=(n,)) for n in range(3, 19)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as db:
        assert len(read_again(db)) == 18


def test_of_sixteen_copies_of_one_turn_one_is_kept(store, two_talks):
    taken = []

    def answer_one() -> None:
        with store.begin() as db:
            try:
                said(db, "the same turn", 3)
            except talks.TurnTaken:
                taken.append(True)

    threads = [threading.Thread(target=answer_one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 15
