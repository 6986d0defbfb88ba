"""The concern form: a tiny minimum, nothing made up, and never to whom it is about."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.core.duty import hand_over
from engage.core.duty.concern_form import (
    FIELDS,
    GROUPS,
    RECEIPT,
    RECEIPT_FIELDS,
    About,
    Kind,
    filled,
    left_empty,
)
from engage.core.duty.hand_over import Problem, Route
from engage.core.duty.prefilling import Facts, prefilled

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LEAST = {
    "to": "Morag Local",
    "role": "local-lead",
    "means": "phone",
    "at": "2026-11-25T11:55",
}
LOCAL = {"name": "Morag Local", "phone": "01632 960 111"}
RECEIVED = {
    "by": "Morag Local",
    "by-role": "Local lead",
    "received-at": "2026-11-25T11:58",
    "decision": "accepted",
}


def problems(form, *, careful=False):
    return hand_over.problems(form, NOW, careful=careful)


def test_there_are_ten_groups_and_only_four_fields_must_be_filled_in():
    assert len(GROUPS) == 10
    assert [each.id for each in FIELDS.values() if each.needed] == list(LEAST)
    assert problems(LEAST) == {}
    assert problems({}) == dict.fromkeys(LEAST, Problem.MISSING)


def test_no_field_has_the_name_of_another():
    every = [each.id for group in GROUPS for each in group.fields]
    every += [each.id for each in RECEIPT]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    "field", [each for each in FIELDS.values() if each.kind is Kind.CHOICE]
)
def test_a_choice_is_one_of_those_offered_and_every_one_of_them_is_taken(field):
    for option, _words in field.options:
        form = LEAST | {field.id: option}
        careful = {"safe-because": "x", "checked": "nobody"}
        found = problems(careful | form, careful=True)
        assert field.id not in found or found[field.id] is Problem.NOT_THEM
    assert problems(LEAST | {field.id: "else"})[field.id] is Problem.NOT_OFFERED


def test_a_hand_over_that_is_still_to_come_is_none():
    assert problems(LEAST | {"at": "2026-11-25T12:00"}) == {}
    late = problems(LEAST | {"at": "2026-11-25T12:01"})
    assert late == {"at": Problem.IN_THE_FUTURE}


def test_a_time_is_that_of_the_clock_on_the_wall_in_scotland():
    summer = datetime(2026, 7, 1, 11, 30, tzinfo=UTC)
    assert hand_over.as_typed(summer) == "2026-07-01T12:30"
    assert hand_over.moment("2026-07-01T12:30") == summer
    # In October an hour comes twice: what is typed is never taken for the future.
    for back in (0, 30, 60, 90):
        then = datetime(2026, 10, 25, 0, 15, tzinfo=UTC) + timedelta(minutes=back)
        assert hand_over.moment(hand_over.as_typed(then)) <= then


@pytest.mark.parametrize(
    "typed",
    ["yesterday", "2026-11-25", "2026-02-30T10:00", "12:00", "2026-11-25T25:00"],
)
def test_what_is_no_time_is_said_to_be_none(typed):
    assert problems(LEAST | {"at": typed}) == {"at": Problem.NOT_A_TIME}


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_the_first_and_the_last_year_break_nothing(typed):
    assert set(problems(LEAST | {"at": typed})) <= {"at"}


def test_a_field_holds_five_thousand_letters_however_its_lines_end():
    long = "ж" * 5000
    assert problems(LEAST | {"happened": long}) == {}
    assert problems(LEAST | {"happened": long + "ж"}) == {"happened": Problem.TOO_LONG}
    lines = hand_over.tidy({"happened": "a\r\n" * 2500 + "b"}, FIELDS)
    assert problems(LEAST | lines)["happened"] is Problem.TOO_LONG
    lines = hand_over.tidy({"happened": "a\r\n" * 2500}, FIELDS)
    assert problems(LEAST | lines) == {}


def test_what_is_unfinished_is_kept_and_what_cannot_be_kept_is_said():
    unfinished = {"at": "soon", "to": "Mor"}
    assert hand_over.unkept(unfinished, NOW) == {}
    wrong = {"role": "nobody", "wants": "x" * 5001}
    assert hand_over.unkept(wrong, NOW) == {
        "role": Problem.NOT_OFFERED,
        "wants": Problem.TOO_LONG,
    }


def test_only_known_fields_are_kept_and_none_that_is_empty():
    typed = {"to": "  Morag ", "words": "changed", "name": " ", "told": "a\r\nb"}
    assert hand_over.tidy(typed, FIELDS) == {"to": "Morag", "told": "a\nb"}


@pytest.mark.parametrize(
    ("age", "open_"),
    [
        ("under-16", (Route.CHILD,)),
        ("16-17", (Route.CHILD, Route.ADULT)),
        ("18-plus", (Route.ADULT, Route.CHILD)),
        ("not-known", (Route.CHILD, Route.ADULT)),
        ("", (Route.CHILD, Route.ADULT)),
    ],
)
def test_from_sixteen_and_when_it_is_not_known_both_routes_are_open(age, open_):
    assert hand_over.routes(age) == open_


@pytest.mark.parametrize("by_staff", [True, False])
@pytest.mark.parametrize("about", ["", *About])
def test_the_usual_address_is_shown_only_when_it_is_about_nobody_with_a_duty(
    by_staff, about
):
    shown = about == About.NOBODY or (about == "" and not by_staff)
    assert hand_over.withheld(by_staff, about) is not shown


def test_the_usual_address_is_taken_out_until_it_is_said_why_it_is_safe():
    usual = LEAST | {"contact": LOCAL["phone"], "about": "worker", "name": "Jo"}
    bare = hand_over.without_usual(usual, LOCAL)
    assert bare == {
        "means": "phone",
        "at": LEAST["at"],
        "about": "worker",
        "name": "Jo",
    }
    other = usual | {"to": "Iain Other", "contact": "01632 960 333"}
    assert hand_over.without_usual(other, LOCAL) == other
    safe = usual | {"safe-because": "Another team."}
    assert hand_over.without_usual(safe, LOCAL) == safe
    them = safe | {"about": "local-lead"}
    assert "to" not in hand_over.without_usual(them, LOCAL)


def test_routing_around_somebody_needs_a_reason_and_never_leads_to_them():
    found = problems(LEAST | {"about": "worker"}, careful=True)
    assert found == {"safe-because": Problem.MISSING}
    reason = {"safe-because": "Another team."}
    assert problems(LEAST | reason | {"about": "worker"}, careful=True) == {}
    found = problems(LEAST | reason | {"about": "local-lead"}, careful=True)
    assert found == {"role": Problem.NOT_THEM}
    found = problems(LEAST | reason | {"about": "inspector"}, careful=True)
    assert found == {"checked": Problem.MISSING}


def test_a_receipt_says_who_when_and_what_and_why_if_nothing_further():
    def wrong(**other):
        return hand_over.receipt_problems(RECEIVED | other, NOW)

    assert wrong() == {}
    empty = hand_over.receipt_problems({}, NOW)
    assert set(empty) == {each.id for each in RECEIPT if each.needed}
    assert wrong(decision="no action") == {"reason": Problem.MISSING}
    assert wrong(decision="no action", reason="It was a game.") == {}
    assert wrong(decision="resolved") == {"decision": Problem.NOT_OFFERED}
    assert wrong(review="2026-12-01") == {}
    assert wrong(review="next week") == {"review": Problem.NOT_A_TIME}
    late = {"received-at": "2026-11-25T12:30"}
    assert wrong(**late) == {"received-at": Problem.IN_THE_FUTURE}


def test_a_new_version_says_what_is_different():
    before = {"to": "Morag", "age": "16-17"}
    after = {"to": "Morag", "name": "Jo"}
    found = hand_over.changed(before, after, FIELDS.values())
    assert found == (FIELDS["age"].label, FIELDS["name"].label)
    assert hand_over.changed(after, after, RECEIPT_FIELDS.values()) == ()


FACTS = Facts(
    now=NOW,
    raised_at=NOW,
    reporter="Dee Duty",
    reporter_role="duty inspector",
)


def test_what_is_not_known_stays_empty():
    assert prefilled(FACTS) == {
        "at": "2026-11-25T12:00",
        "reporter": "Dee Duty",
        "reporter-role": "duty inspector",
        "since": "2026-11-25 12:00",
    }


def test_what_the_flag_knows_is_filled_in_and_nothing_is_worked_out_from_it():
    full = Facts(
        now=NOW,
        raised_at=NOW,
        reporter="Dee Duty",
        reporter_role="duty inspector",
        joined={
            "how": "card",
            "card": "K7 42",
            "place": "Craigmore library",
            "adult": "Ann Adult",
            "phone": "01632 960 222",
        },
        categories=("domestic_abuse", "neglect", "neglect"),
        told=("Thank you.", "Dee will read this.", "Thank you."),
        language="gd",
        safe="not-sure",
        local=LOCAL,
    )
    found = prefilled(full)
    assert found["code"] == "K7 42"
    assert found["category"] == "domestic abuse, neglect"
    assert found["told"] == "Thank you.\nDee will read this."
    assert found["where"].splitlines() == [
        "When it was said: Craigmore library",
        "The adult there: Ann Adult, 01632 960 222",
    ]
    assert found["safe"] == "not-known"
    assert found["to"] == "Morag Local"
    assert found["role"] == "local-lead"
    known = {"at", "reporter", "reporter-role", "since", "arose", "code", "language"}
    known |= {"category", "where", "safe", "told", "to", "role", "contact"}
    assert set(found) == known
    assert set(found) <= set(FIELDS)
    missing = {"means": Problem.MISSING}
    assert hand_over.problems(found, NOW, careful=False) == missing


def test_a_group_reads_as_a_person_would_say_it():
    form = {"at": "2026-11-25T11:55", "means": "mail", "to": "Morag"}
    said = {field.id: words for field, words in filled(GROUPS[0], form)}
    assert said == {
        "to": "Morag",
        "means": "By secure e-mail",
        "at": "2026-11-25 11:55",
    }


def test_what_is_not_known_of_the_concern_is_listed_and_not_how_it_was_routed():
    empty = left_empty({"address": "1 High Street"})
    assert FIELDS["address"].label not in empty
    assert FIELDS["born"].label in empty
    assert not {each.label for each in GROUPS[0].fields} & set(empty)
