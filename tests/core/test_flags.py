from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import (
    Flag,
    IllegalMove,
    Stage,
    acknowledged,
    joined,
    opened,
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
    )


def taken_on() -> Flag:
    return acknowledged(opened(raised(), by=AILSA, at=NOON), by=AILSA, at=NOON)


def test_a_flag_is_opened_and_then_acknowledged():
    flag = acknowledged(opened(raised(), by=AILSA, at=NOON), by=CALUM, at=NOON + HOUR)
    assert flag.stage is Stage.ACKNOWLEDGED
    assert (flag.opened_by, flag.opened_at) == (AILSA, NOON)
    assert (flag.acknowledged_by, flag.acknowledged_at) == (CALUM, NOON + HOUR)


def test_a_flag_that_nobody_opened_cannot_be_acknowledged():
    with pytest.raises(IllegalMove):
        acknowledged(raised(), by=AILSA, at=NOON)


def test_a_flag_is_opened_and_acknowledged_only_once():
    with pytest.raises(IllegalMove):
        opened(opened(raised(), by=AILSA, at=NOON), by=CALUM, at=NOON)
    with pytest.raises(IllegalMove):
        acknowledged(taken_on(), by=CALUM, at=NOON)
    with pytest.raises(IllegalMove):
        opened(taken_on(), by=CALUM, at=NOON)


@given(st.sampled_from(Level), st.sampled_from(Level))
def test_another_concern_never_lowers_a_flag(first, second):
    flag = joined(raised(first), second, due_at=NOON)
    assert flag.level.rank == max(first.rank, second.rank)


def test_a_flag_that_was_taken_on_waits_again_after_another_concern():
    flag = joined(taken_on(), Level.CONCERN, due_at=NOON + 5 * HOUR)
    assert flag.stage is Stage.RAISED
    assert flag.due_at == NOON + 5 * HOUR


def test_a_waiting_flag_is_never_due_later_than_before():
    assert joined(raised(), Level.NOW, due_at=NOON + 5 * HOUR).due_at == NOON + HOUR
    assert joined(raised(), Level.NOW, due_at=NOON).due_at == NOON
    assert joined(raised(), Level.NOW, due_at=None).due_at == NOON + HOUR
