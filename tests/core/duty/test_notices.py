"""A notice says that a flag waits, which, and since when; and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.core.duty.clock import Step
from engage.core.duty.notices import Notice, next_try, short, subject, text, why
from engage.core.safeguarding.concerns import Level

AFTERNOON = datetime(2026, 11, 25, 16, 52, tzinfo=UTC)
STEPS = [*Step, "child-wrote"]
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""What a text message holds 160 of. One letter more, and it holds 70."""


def notice(step="on-duty", **changes):
    given = {
        "reference": "K7-4242",
        "level": Level.NOW,
        "since": AFTERNOON,
        "step": step,
        "address": "https://engage.example",
    }
    return Notice(**(given | changes))


def test_the_subject_tells_which_flag_waits_how_urgent_and_since_when():
    assert subject(notice()) == "A now flag is waiting: K7-4242, since 16:52 on 25 Nov"


def test_the_time_is_scotlands_in_summer_too_and_the_day_goes_with_it():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert "since 00:30 on 02 Jul" in subject(notice(since=late))


@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_why_somebody_is_told_and_what_is_asked_of_them(step):
    lines = text(notice(step)).split("\n\n")
    assert lines[0] == f"{subject(notice(step))}."
    assert lines[1] == why(notice(step)) != ""
    assert lines[2].startswith("Please ")
    assert lines[3] == "Sign in and open it: https://engage.example/staff/sign-in"
    assert len(lines) == 5


@pytest.mark.parametrize("drill", [True, False])
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("step", [*STEPS, "test", "a step yet to come"])
def test_a_text_message_is_never_two(step, level, drill):
    for host in ("", "https://engage.example", f"https://{'long.' * 30}example"):
        said = short(notice(step, level=level, drill=drill, address=host))
        assert len(said) <= 160
        assert set(said) <= GSM_7
        assert said.startswith("Engage. ")


@pytest.mark.parametrize("step", STEPS)
def test_a_text_message_never_ends_within_a_link(step):
    for length in range(80):
        host = f"https://{'x' * length}.example"
        said = short(notice(step, drill=True, address=host))
        assert ("http" in said) == said.endswith(f"{host}/staff/sign-in")
        assert "K7-4242" in said


def test_a_drill_says_so_before_anything_else():
    drill = notice(drill=True)
    assert subject(drill).startswith("DRILL: ")
    assert text(drill).startswith("This is a drill. Treat it as if it were not.")
    assert "DRILL" in short(drill)
    assert "DRILL" not in subject(notice()) + text(notice()) + short(notice())


def test_a_test_frightens_nobody():
    for said in (subject(notice("test")), short(notice("test"))):
        assert "nothing is waiting" in said
        assert "K7-4242" not in said
    assert "flag is waiting" not in text(notice("test"))


def test_without_the_address_of_the_desk_there_is_no_link():
    plain = notice(address="")
    assert "http" not in text(plain) + short(plain)


def test_it_is_tried_again_soon_then_less_often_for_a_day_then_never():
    now, waits = AFTERNOON, []
    tries = 1
    while (at := next_try(tries, now)) is not None:
        waits.append((at - now).total_seconds())
        now, tries = at, tries + 1
    assert waits[:7] == [5, 15, 45, 120, 300, 600, 600]
    assert set(waits[5:]) == {600}
    day = now - AFTERNOON
    assert timedelta(hours=23, minutes=50) < day < timedelta(hours=24, minutes=10)


def test_a_try_that_was_not_counted_is_tried_again_all_the_same():
    assert next_try(0, AFTERNOON) == AFTERNOON + timedelta(seconds=5)
