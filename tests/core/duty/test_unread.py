"""What a child wrote back waits for somebody, who is told; and told again."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.core.duty.clock import People
from engage.core.duty.rota import Shift, Span
from engage.core.duty.unread import AGAIN, READ_WITHIN, Unread, whom
from engage.core.people import StaffId

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
DEE, LENA, SAM = StaffId(1), StaffId(2), StaffId(3)
SECOND = timedelta(seconds=1)
SHIFT = Shift(DEE, Span(NOON - timedelta(hours=2), NOON + timedelta(hours=5)))
PEOPLE = People((SHIFT,), (LENA,), (DEE, SAM))
NIGHT = People((), (LENA,), (DEE, SAM))


def told(unread, people=PEOPLE, after=timedelta(0)):
    made = whom(unread, people, NOON + after)
    return made and (str(made.step), made.who)


def wrote(holder=SAM, called=None, step=None):
    called_at = None if called is None else NOON + called
    return Unread(holder, NOON, called_at, step)


def test_whoever_has_it_in_hand_is_told_first():
    assert told(wrote()) == ("child-wrote", (SAM,))
    assert told(wrote(), NIGHT) == ("child-wrote", (SAM,))


@pytest.mark.parametrize("holder", [None, StaffId(9)])
def test_in_nobodys_hands_the_one_on_duty_is_told(holder):
    assert told(wrote(holder)) == ("child-wrote", (DEE,))


def test_with_nobody_on_duty_and_in_nobodys_hands_everybody_is_told():
    assert told(wrote(None), NIGHT) == ("child-wrote", (DEE, SAM, LENA))


def test_who_must_not_know_is_not_told_even_if_they_had_it():
    assert told(wrote(SAM), PEOPLE.without(frozenset({SAM}))) == ("child-wrote", (DEE,))


def test_nobody_is_told_twice_of_the_same_words():
    called = wrote(called=SECOND, step="child-wrote")
    assert told(called, after=SECOND) is None
    assert told(called, after=READ_WITHIN) is None


def test_unread_in_time_the_lead_hears_of_it_and_again_hours_later():
    called = wrote(called=SECOND, step="child-wrote")
    waits = ("child-waits", (LENA, DEE, SAM))
    assert told(called, after=READ_WITHIN + SECOND) == waits
    again = wrote(called=SECOND, step="child-waits")
    assert told(again, after=AGAIN) is None
    assert told(again, after=AGAIN + SECOND) == waits


def test_the_lead_is_not_called_at_night_for_it():
    called = wrote(called=SECOND, step="child-wrote")
    assert told(called, NIGHT, timedelta(hours=9)) is None


def test_new_words_are_told_anew():
    called = wrote(called=-SECOND, step="child-waits")
    assert told(called) == ("child-wrote", (SAM,))
