from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import (
    FROM,
    LEADS_TO,
    Flag,
    IllegalMove,
    Move,
    Outcome,
    Stage,
    closing,
    joined,
    moved,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AILSA, CALUM = StaffId(1), StaffId(2)


def raised(level: Level = Level.CONCERN) -> Flag:
    return Flag(
        id=FlagId(1),
        inspection=InspectionId(1),
        reference="K7-42",
        level=level,
        stage=Stage.RAISED,
        raised_at=NOON,
        due_at=NOON + HOUR,
        vault=VaultId(1),
        since=NOON,
        next_at=NOON,
    )


def after(*moves: Move, by: StaffId = AILSA, flag: Flag | None = None) -> Flag:
    flag = flag or raised()
    for move in moves:
        flag = moved(flag, move, by=by, at=NOON)
    return flag


def taken_on() -> Flag:
    return after(Move.OPEN, Move.ACKNOWLEDGE)


def test_a_flag_goes_all_the_way_to_its_end_and_says_who_moved_it():
    flag = after(Move.OPEN)
    flag = moved(flag, Move.ACKNOWLEDGE, by=CALUM, at=NOON + HOUR)
    flag = moved(flag, Move.TAKE, by=AILSA, at=NOON + 2 * HOUR)
    assert (flag.opened_by, flag.opened_at) == (AILSA, NOON)
    assert (flag.acknowledged_by, flag.acknowledged_at) == (CALUM, NOON + HOUR)
    assert (flag.taken_by, flag.taken_at) == (AILSA, NOON + 2 * HOUR)
    rest = (Move.HAND_OVER, Move.RECEIPT, Move.TELL, Move.CLOSE)
    assert after(*rest, flag=flag).stage is Stage.CLOSED


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("stage", Stage)
def test_a_move_from_any_other_stage_is_impossible(stage, move):
    flag = replace(raised(), stage=stage)
    if stage in FROM[move]:
        assert moved(flag, move, by=AILSA, at=NOON).stage is LEADS_TO[move]
    else:
        with pytest.raises(IllegalMove):
            moved(flag, move, by=AILSA, at=NOON)


def test_the_clock_waits_for_acknowledgement_then_hand_over_then_receipt():
    flag = after(Move.OPEN)
    assert flag.next_at == raised().next_at
    for move in (Move.ACKNOWLEDGE, Move.TAKE, Move.HAND_OVER):
        flag = moved(flag, move, by=AILSA, at=NOON + HOUR)
        assert flag.next_at == NOON + HOUR
    assert moved(flag, Move.RECEIPT, by=AILSA, at=NOON).next_at is None


@pytest.mark.parametrize("outcome", Outcome)
def test_a_flag_ends_by_hand_over_or_with_a_reason_why_not(outcome):
    in_hand = after(Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE)
    told = after(Move.HAND_OVER, Move.RECEIPT, Move.TELL, flag=in_hand)
    unhanded = outcome in {Outcome.NOT_A_CONCERN, Outcome.DRILL}
    possible, impossible = (in_hand, told) if unhanded else (told, in_hand)
    closing(possible, outcome, "they meant a game")
    with pytest.raises(IllegalMove):
        closing(impossible, outcome, "they meant a game")
    with pytest.raises(IllegalMove):
        closing(in_hand, outcome, "  ")


@given(st.sampled_from(Level), st.sampled_from(Level))
def test_another_concern_never_lowers_a_flag(first, second):
    flag = joined(raised(first), second, due_at=NOON, at=NOON)
    assert flag.level.rank == max(first.rank, second.rank)


def test_a_flag_that_was_taken_on_waits_again_after_another_concern():
    flag = joined(taken_on(), Level.CONCERN, due_at=NOON + 5 * HOUR, at=NOON)
    assert flag.stage is Stage.RAISED
    assert flag.due_at == NOON + 5 * HOUR


def test_a_waiting_flag_is_never_due_later_than_before():
    assert (
        joined(raised(), Level.NOW, due_at=NOON + 5 * HOUR, at=NOON).due_at
        == NOON + HOUR
    )
    assert joined(raised(), Level.NOW, due_at=NOON, at=NOON).due_at == NOON
    assert joined(raised(), Level.NOW, due_at=None, at=NOON).due_at == NOON + HOUR


def test_the_clock_begins_anew_unless_somebody_was_called_about_just_this():
    called = replace(raised(), step="on-duty", called_at=NOON, turns=1)
    later = NOON + HOUR
    for level, anew in ((Level.CONCERN, False), (Level.NOW, True)):
        flag = joined(called, level, due_at=None, at=later)
        assert (flag.step is None, flag.next_at == later) == (anew, anew)
    opened = replace(called, stage=Stage.OPENED)
    assert joined(opened, Level.CONCERN, due_at=None, at=later).step is None
