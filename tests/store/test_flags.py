from datetime import timedelta

import pytest
from sqlalchemy import insert

from engage.core.people import FlagId, StaffId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import FROM, Move, Stage, joined, moved
from engage.store import flags, inspections
from engage.store.desk_tables import barred
from tests.store.making import NOON, make_scene, make_staff, new_flag

LATER = NOON + timedelta(minutes=9)


@pytest.fixture
def scene(store):
    with store.begin() as db:
        return make_scene(db)


def raise_one(store, scene, *args, **kwargs) -> FlagId:
    with store.begin() as db:
        return flags.add(db, new_flag(scene, *args, **kwargs))


def get(store, flag_id, staff_id):
    with store.read() as db:
        return flags.get(db, flag_id, staff_id)


def test_a_flag_comes_back_as_it_was_raised(store, scene):
    flag = get(store, raise_one(store, scene), scene.ailsa)
    assert (flag.reference, flag.level, flag.stage) == (
        "K7-42",
        Level.CONCERN,
        Stage.RAISED,
    )
    assert (flag.raised_at, flag.due_at) == (NOON, NOON + timedelta(hours=1))
    assert (flag.inspection, flag.vault) == (scene.inspection, scene.duty)
    assert flag.raised_at.utcoffset() == timedelta(0)


def test_the_worst_waits_first_and_then_the_newest(store, scene):
    raise_one(store, scene, "A1-01", level=Level.CHECK, minutes=50)
    raise_one(store, scene, "A1-02", level=Level.CONCERN, minutes=10)
    raise_one(store, scene, "A1-03", level=Level.NOW, minutes=0)
    raise_one(store, scene, "A1-04", level=Level.CONCERN, minutes=30)
    with store.read() as db:
        order = [flag.reference for flag in flags.waiting(db, scene.ailsa)]
    assert order == ["A1-03", "A1-04", "A1-02", "A1-01"]


def test_an_opened_flag_still_waits_and_an_acknowledged_one_does_not(store, scene):
    first, second = (raise_one(store, scene, ref) for ref in ("A1-01", "A1-02"))
    with store.begin() as db:
        for each in (first, second):
            flags.move(db, each, Move.OPEN, by=scene.ailsa, at=NOON)
        flags.move(db, second, Move.ACKNOWLEDGE, by=scene.ailsa, at=NOON)
        assert [flag.id for flag in flags.waiting(db, scene.ailsa)] == [first]


def test_nobody_sees_or_moves_flags_of_an_inspection_they_are_not_on(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        stranger = make_staff(db, "stranger")
        elsewhere = make_scene(db, "another")
        for person in (stranger, elsewhere.ailsa, StaffId(999)):
            assert flags.get(db, flag_id, person) is None
            assert flags.waiting(db, person) == ()
            with pytest.raises(flags.AlreadyMoved):
                flags.move(db, flag_id, Move.OPEN, by=person, at=NOON)


def test_whoever_leaves_the_inspection_sees_its_flags_no_more(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        inspections.relieve(db, scene.inspection, scene.ailsa)
        assert flags.get(db, flag_id, scene.ailsa) is None


WAY = (
    Move.OPEN,
    Move.ACKNOWLEDGE,
    Move.TAKE,
    Move.HAND_OVER,
    Move.RECEIPT,
    Move.TELL,
    Move.CLOSE,
)


def bring_to(db, flag_id, stage, by):
    for move in WAY:
        flag = flags.get(db, flag_id, by)
        if flag.stage is stage:
            return flag
        flags.move(db, flag_id, move, by=by, at=NOON)
    return flags.get(db, flag_id, by)


@pytest.mark.parametrize("stage", Stage)
def test_the_store_moves_a_flag_as_the_core_does(store, scene, stage):
    for number, move in enumerate(Move):
        flag_id = raise_one(store, scene, f"A1-{number}")
        with store.begin() as db:
            before = bring_to(db, flag_id, stage, scene.ailsa)
            assert before.stage is stage
            if stage not in FROM[move]:
                with pytest.raises(flags.AlreadyMoved):
                    flags.move(db, flag_id, move, by=scene.ailsa, at=LATER)
                continue
            flags.move(db, flag_id, move, by=scene.ailsa, at=LATER)
            after = flags.get(db, flag_id, scene.ailsa)
        assert after == moved(before, move, by=scene.ailsa, at=LATER)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("minutes", [-90, 0, 90, None])
def test_the_store_joins_a_concern_to_a_flag_as_the_core_does(
    store, scene, stage, level, minutes
):
    due = None if minutes is None else NOON + timedelta(minutes=minutes)
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        before = bring_to(db, flag_id, stage, scene.ailsa)
        flags.raise_level(db, flag_id, level, due, LATER)
        after = flags.get(db, flag_id, scene.ailsa)
    assert after == joined(before, level, due_at=due, at=LATER)


def test_who_is_barred_neither_sees_nor_moves_a_flag(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        db.execute(
            insert(barred).values(flag_id=flag_id, staff_id=scene.ailsa, at=NOON)
        )
        assert flags.get(db, flag_id, scene.ailsa) is None
        assert flags.waiting(db, scene.ailsa) == flags.on_desk(db, scene.ailsa) == ()
        with pytest.raises(flags.AlreadyMoved):
            flags.move(db, flag_id, Move.OPEN, by=scene.ailsa, at=NOON)


def test_a_raised_level_is_never_lowered(store, scene):
    flag_id = raise_one(store, scene, level=Level.NOW)
    with store.begin() as db:
        flags.raise_level(db, flag_id, Level.CHECK, LATER, NOON)
    assert get(store, flag_id, scene.ailsa).level is Level.NOW


def test_only_the_first_of_two_moves_counts(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        calum = make_staff(db, "calum")
        inspections.assign(db, scene.inspection, calum)
        with pytest.raises(flags.AlreadyMoved):
            flags.move(db, flag_id, Move.ACKNOWLEDGE, by=scene.ailsa, at=NOON)
        flags.move(db, flag_id, Move.OPEN, by=scene.ailsa, at=NOON)
        with pytest.raises(flags.AlreadyMoved):
            flags.move(db, flag_id, Move.OPEN, by=calum, at=LATER)
        flags.move(db, flag_id, Move.ACKNOWLEDGE, by=calum, at=LATER)
        with pytest.raises(flags.AlreadyMoved):
            flags.move(db, flag_id, Move.ACKNOWLEDGE, by=scene.ailsa, at=LATER)
    flag = get(store, flag_id, scene.ailsa)
    assert (flag.opened_by, flag.acknowledged_by) == (scene.ailsa, calum)


def test_an_acknowledgement_of_what_has_since_grown_does_not_count(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        flags.move(db, flag_id, Move.OPEN, by=scene.ailsa, at=NOON)
        flags.raise_level(db, flag_id, Level.CONCERN, LATER, NOON)
        with pytest.raises(flags.AlreadyMoved):
            flags.move(db, flag_id, Move.ACKNOWLEDGE, by=scene.ailsa, at=LATER)


def test_a_talk_finds_its_own_flag(store, scene):
    flag_id = raise_one(store, scene, tag="t" * 64)
    with store.read() as db:
        assert flags.by_tag(db, "t" * 64).id == flag_id
        assert flags.by_tag(db, "u" * 64) is None


def test_a_talk_has_one_flag(store, scene):
    raise_one(store, scene, "A1-01", tag="t" * 64)
    with store.begin() as db:
        with pytest.raises(flags.AlreadyRaised):
            flags.add(db, new_flag(scene, "A1-02", tag="t" * 64))
        assert len(flags.waiting(db, scene.ailsa)) == 1


def test_no_two_flags_have_one_reference(store, scene):
    raise_one(store, scene, "A1-01")
    with store.begin() as db:
        with pytest.raises(flags.ReferenceTaken):
            flags.add(db, new_flag(scene, "A1-01", tag="t" * 64))
        flags.add(db, new_flag(scene, "A1-02", tag="t" * 64))


def test_parts_come_back_in_order(store, scene):
    flag_id = raise_one(store, scene)
    with store.begin() as db:
        assert flags.last_part(db, flag_id) == 0
        flags.add_part(db, flag_id, 2, LATER, b"second")
        flags.add_part(db, flag_id, 1, NOON, b"first")
        with pytest.raises(flags.PartTaken):
            flags.add_part(db, flag_id, 2, LATER, b"another")
        assert flags.last_part(db, flag_id) == 2
        assert flags.parts(db, flag_id) == (
            flags.SealedPart(1, NOON, b"first"),
            flags.SealedPart(2, LATER, b"second"),
        )


def test_a_flag_outlives_its_talk(store, scene):
    """Nothing in a flag's row leads to the talk, so withdrawing cannot take it."""
    assert not {"talk_id", "key_hash"} & set(flags.flag.c.keys())
