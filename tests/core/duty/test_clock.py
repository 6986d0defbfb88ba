"""Whoever must know of a flag is called, in time, whatever happens in between."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest

from engage.core.duty.clock import (
    AGAIN,
    LOOK_AGAIN,
    Limits,
    People,
    Step,
    look,
)
from engage.core.duty.rota import Shift, Span, on_duty
from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import WAITING, Flag, Move, Stage, joined, moved

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DEE, OMAR, LENA, IDA = map(StaffId, (1, 2, 3, 4))
LIMITS = Limits()


def day(staff: StaffId, place: int = 1, ahead: int = 0) -> Shift:
    start = NOON - 3 * HOUR + timedelta(days=ahead)
    return Shift(staff, Span(start, start + 8 * HOUR), place)


ROTA = tuple(
    day(who, place, ahead) for ahead in range(3) for place, who in ((1, DEE), (2, OMAR))
)
EVERYBODY = People(ROTA, (LENA,), (DEE, OMAR, IDA))


def raised(level: Level = Level.NOW, at: datetime = NOON) -> Flag:
    return Flag(
        id=FlagId(1),
        inspection=InspectionId(1),
        reference="K7-42",
        level=level,
        stage=Stage.RAISED,
        raised_at=at,
        due_at=None,
        vault=VaultId(1),
        since=at,
        next_at=at,
    )


@dataclass
class Run:
    """A flag, a rota and a clock that is looked at whenever it asks to be."""

    flag: Flag
    now: datetime
    people: People = EVERYBODY
    calls: list[tuple[datetime, Step, tuple[StaffId, ...]]] = field(
        default_factory=list
    )

    def look(self) -> None:
        """As the dispatcher does it: write down what `look` says."""
        if self.flag.next_at is None or self.flag.next_at > self.now:
            return
        found = look(self.flag, self.people, LIMITS, self.now)
        self.flag = replace(self.flag, next_at=found.next_at)
        if found.call is not None:
            self.calls.append((self.now, found.call.step, found.call.who))
            self.flag = replace(
                self.flag,
                step=found.call.step,
                called_at=self.now,
                turns=self.flag.turns + 1,
            )

    def until(self, then: datetime) -> None:
        while self.flag.next_at is not None and self.flag.next_at <= then:
            self.now = max(self.now, self.flag.next_at)
            self.look()
        self.now = then

    def steps(self) -> list[tuple[int, str, list[int]]]:
        """Minutes after noon, the step, and who was called."""
        return [
            (int((at - NOON).total_seconds() // 60), step.value, sorted(who))
            for at, step, who in self.calls
        ]


def run(level: Level = Level.NOW, at: datetime = NOON, people: People = EVERYBODY):
    return Run(raised(level, at), at, people)


def test_a_now_flag_goes_up_every_five_minutes_and_then_calls_everybody_again():
    made = run()
    made.until(NOON + 40 * MINUTE)
    assert made.steps() == [
        (0, "on-duty", [DEE]),
        (5, "next", [DEE, OMAR]),
        (10, "lead", [DEE, OMAR, LENA]),
        (15, "everybody", [DEE, OMAR, LENA, IDA]),
        (30, "everybody", [DEE, OMAR, LENA, IDA]),
    ]


def test_a_concern_goes_up_every_half_hour_of_cover_and_waits_for_the_next_day():
    made = run(Level.CONCERN, NOON + 4 * HOUR + 50 * MINUTE)
    made.until(NOON + 30 * HOUR)
    assert made.steps()[:4] == [
        (290, "on-duty", [DEE]),
        (21 * 60 + 20, "next", [DEE, OMAR]),
        (21 * 60 + 50, "lead", [DEE, OMAR, LENA]),
        (22 * 60 + 20, "everybody", [DEE, OMAR, LENA, IDA]),
    ]


def test_with_one_person_on_duty_the_lead_is_next():
    made = run(people=replace(EVERYBODY, shifts=(day(DEE),)))
    made.until(NOON + 9 * MINUTE)
    assert [step for _, step, _ in made.steps()] == ["on-duty", "lead"]


def test_a_concern_outside_cover_is_told_when_cover_starts():
    made = run(Level.CONCERN, NOON + 6 * HOUR)
    made.until(NOON + 21 * HOUR)
    assert made.steps() == [(21 * 60, "on-duty", [DEE])]


def test_a_now_flag_outside_cover_calls_the_lead_and_the_next_at_once_and_goes_on():
    made = run(Level.NOW, NOON + 6 * HOUR)
    made.until(NOON + 8 * HOUR)
    assert made.steps() == [
        (360, "outside", [DEE, LENA]),
        (365, "everybody", [DEE, OMAR, LENA, IDA]),
        (425, "everybody", [DEE, OMAR, LENA, IDA]),
    ]
    made.until(NOON + 21 * HOUR)
    assert made.steps()[-1] == (21 * 60, "on-duty", [DEE])


@pytest.mark.parametrize("level", Level)
def test_with_no_rota_at_all_somebody_is_called_at_once_and_again_and_again(level):
    made = run(level, people=replace(EVERYBODY, shifts=()))
    made.until(NOON + 4 * HOUR)
    assert made.steps()[0] == (0, "outside", [LENA])
    assert [step for _, step, _ in made.steps()].count("everybody") >= 2


def test_whoever_comes_on_duty_is_told_of_what_waits():
    late = Shift(OMAR, Span(NOON + HOUR, NOON + 9 * HOUR))
    early = Shift(DEE, Span(NOON - HOUR, NOON + HOUR))
    made = run(Level.CONCERN, NOON + 50 * MINUTE)
    made.people = replace(EVERYBODY, shifts=(early, late))
    made.until(NOON + 61 * MINUTE)
    assert made.steps() == [(50, "on-duty", [DEE]), (60, "on-duty", [OMAR])]


def test_a_rota_made_while_a_flag_waits_is_seen_within_five_minutes():
    made = run(Level.CONCERN, NOON + 6 * HOUR)
    made.until(NOON + 7 * HOUR)
    extra = Shift(IDA, Span(NOON + 6 * HOUR, NOON + 9 * HOUR))
    made.people = replace(EVERYBODY, shifts=(*ROTA, extra))
    made.until(NOON + 7 * HOUR + LOOK_AGAIN)
    assert [who for *_, who in made.steps()] == [[IDA]]


def test_what_is_not_handed_over_in_time_goes_up_as_well():
    made = run()
    made.look()
    for move in (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE):
        made.flag = moved(made.flag, move, by=OMAR, at=NOON)
    made.until(NOON + 185 * MINUTE)
    assert made.steps()[1:] == [
        (60, "holder", [OMAR]),
        (120, "lead", [DEE, OMAR, LENA]),
        (180, "everybody", [DEE, OMAR, LENA, IDA]),
    ]
    made.flag = moved(made.flag, Move.HAND_OVER, by=OMAR, at=made.now)
    made.until(NOON + 250 * MINUTE)
    assert made.steps()[-1] == (245, "holder", [OMAR])
    made.flag = moved(made.flag, Move.RECEIPT, by=OMAR, at=made.now)
    before = len(made.calls)
    made.until(NOON + 90 * HOUR)
    assert len(made.calls) == before


def test_who_is_barred_is_never_called_and_the_others_are():
    made = run(people=EVERYBODY.without(frozenset({DEE, LENA})))
    made.until(NOON + HOUR)
    called = {who for _, _, whos in made.calls for who in whos}
    assert called == {OMAR, IDA}
    assert made.steps()[0] == (0, "on-duty", [OMAR])


def test_minutes_are_true_minutes_when_the_clocks_change():
    before = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 1:50 in summer time
    rota = (Shift(DEE, Span(before - HOUR, before + 8 * HOUR)),)
    made = run(Level.CONCERN, before, replace(EVERYBODY, shifts=rota))
    made.until(before + 31 * MINUTE)
    assert [at for at, *_ in made.calls] == [before, before + 30 * MINUTE]


# Every order of what may happen to a flag, up to this many events.
LONGEST = 4
AWAY = replace(EVERYBODY, shifts=())
LATER = replace(EVERYBODY, shifts=ROTA[2:])


def again(made: Run) -> None:
    """Another concern in the same talk."""
    level = made.flag.level
    made.flag = joined(made.flag, level, due_at=None, at=made.now)


def acknowledge(made: Run) -> None:
    for move in (Move.OPEN, Move.ACKNOWLEDGE):
        if made.flag.stage in WAITING:
            made.flag = moved(made.flag, move, by=DEE, at=made.now)


def escalate(made: Run) -> None:
    waiting = made.flag.stage in WAITING
    limits = LIMITS.acknowledge if waiting else LIMITS.hand_over
    made.until(made.now + limits[made.flag.level])


def change_cover(made: Run) -> None:
    order = [EVERYBODY, AWAY, LATER]
    made.people = order[(order.index(made.people) + 1) % len(order)]


def restart(made: Run) -> None:
    """The dispatcher was away for a while, and others look twice at once."""
    made.now += 7 * MINUTE
    for _ in range(2):
        made.look()


EVENTS = (again, acknowledge, escalate, change_cover, restart)


@pytest.mark.parametrize("level", [Level.NOW, Level.CONCERN])
@pytest.mark.parametrize("start", [NOON, NOON + 4.9 * HOUR, NOON + 6 * HOUR])
@pytest.mark.parametrize("first", EVENTS)
def test_in_every_order_of_events_nobody_is_forgotten(level, start, first):
    for rest in product(EVENTS, repeat=LONGEST - 1):
        made = run(level, start)
        made.look()
        for event in (first, *rest):
            event(made)
            made.look()
            somebody_will_be_called(made)
            once_for_each_turn(made)


def somebody_will_be_called(made: Run) -> None:
    flag = made.flag
    assert flag.next_at is not None
    # The clock looks again soon, whatever it waits for.
    assert flag.next_at <= made.now + LOOK_AGAIN
    again = replace(flag, next_at=made.now)
    there = on_duty(made.people.shifts, made.now)
    if flag.stage in WAITING and there and flag.step is None:
        # Whoever is there is called at the very next look.
        assert look(again, made.people, LIMITS, made.now).call is not None
    if flag.step is not None and flag.called_at == made.now:
        # To look twice at one moment calls once.
        assert look(again, made.people, LIMITS, made.now).call is None


def once_for_each_turn(made: Run) -> None:
    assert made.flag.turns == len(made.calls)
    assert all(who for *_, who in made.calls)
    moments = [at for at, *_ in made.calls]
    assert moments == sorted(moments)


@pytest.mark.parametrize("level", [Level.NOW, Level.CONCERN])
@pytest.mark.parametrize("start", [NOON, NOON + 4.9 * HOUR, NOON + 6 * HOUR])
def test_after_any_events_everybody_is_called_in_the_end(level, start):
    for events in product(EVENTS, repeat=2):
        made = run(level, start)
        made.look()
        for event in events:
            event(made)
        again(made)
        made.people, made.calls = EVERYBODY, []
        made.until(made.now + timedelta(days=1))
        everybody = [at for at, step, _ in made.calls if step is Step.EVERYBODY]
        assert everybody
        assert min(b - a for a, b in pairwise(everybody)) >= AGAIN
