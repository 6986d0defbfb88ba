"""The journal, for people: a flag's time line, sign-ins, grants, and mailed heads."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from engage.core.duty.chain import Head
from engage.core.duty.journal import Verb
from engage.core.people import Role
from engage.core.sealing.keys import Holder
from engage.services import auditing, granting, mailing_heads, moving, signing_in
from engage.store import inspections, journal, staff
from tests.factories import NOON, PASSWORD, make_flag, make_staff

MINUTE = timedelta(minutes=1)


def signed_in(store, name="dee"):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


@pytest.fixture
def me(store, inspection):
    return signed_in(store)


@pytest.fixture
def number(store, inspection):
    return make_flag(store, inspection)


def write(store, verb, at=NOON, **about):
    with store.begin() as db:
        journal.write(db, verb, at=at, **about)


def by_hand(store, statement, **values):
    with store.begin() as db:
        db.execute(text(statement), values)


def entries(store):
    with store.read() as db:
        return list(journal.every(db))


def what(store, me, number):
    return [(line.verb, line.called) for line in auditing.history(store, me, number)]


def test_a_flag_has_all_that_was_done_with_it_by_whom_and_when(store, me, number):
    moving.open_(store, me, number, NOON)
    moving.acknowledge(store, me, number, NOON + MINUTE)
    opened, acknowledged = auditing.history(store, me, number)
    assert (opened.verb, opened.called, opened.at) == ("opened", "Dee Duty", NOON)
    assert acknowledged.at == NOON + MINUTE
    assert not acknowledged.altered


def test_whoever_may_not_see_a_flag_sees_nothing_of_it(store, me, number):
    write(store, Verb.STEP, flag=number)
    by_hand(store, "DELETE FROM inspection_staff")
    assert auditing.history(store, me, number) == ()


def test_somebody_who_has_left_is_still_named(store, me, number):
    moving.open_(store, signed_in(store, "lena"), number, NOON)
    by_hand(store, "DELETE FROM inspection_staff WHERE staff_id <> :me", me=me.id)
    assert what(store, me, number) == [("opened", "Lena Lead")]


def test_reading_again_with_nothing_new_is_not_shown_again(store, me, number):
    lena = signed_in(store, "lena")
    for verb, who in (
        (Verb.OPENED, me),
        (Verb.READ, me),
        (Verb.READ, lena),
        (Verb.READ, lena),
        (Verb.ADDED, None),
        (Verb.READ, me),
        (Verb.READ, me),
        (Verb.SENT, me),
        (Verb.READ, me),
    ):
        write(store, verb, flag=number, staff=who.id if who else None)
    assert what(store, me, number) == [
        ("opened", "Dee Duty"),
        ("read", "Lena Lead"),
        ("added", ""),
        ("read", "Dee Duty"),
        ("sent", "Dee Duty"),
        ("read", "Dee Duty"),
    ]
    assert len(list(auditing.listed(store))) == 9 + 2, "all is in the list"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET at = 'noon'",
        "UPDATE journal SET at = '2026-11-25'",
        "UPDATE journal SET detail = 'x'",
        "UPDATE journal SET detail = '[1]'",
    ],
)
def test_an_altered_line_is_shown_as_altered_and_hides_nothing(
    store, me, number, change
):
    write(store, Verb.STEP, flag=number, detail={"step": "on-duty", "addresses": 1})
    write(store, Verb.OPENED, flag=number, staff=me.id)
    by_hand(store, change)
    lines = auditing.history(store, me, number)
    assert [line.altered for line in lines] == [True, True]
    assert [line.verb for line in lines] == ["step", "opened"]


def test_what_was_changed_is_found_and_what_was_not_is_whole(store, me, number):
    moving.open_(store, me, number, NOON)
    head = auditing.head(store)
    assert auditing.verify(store, [head]) == auditing.Verdict(head, ())
    by_hand(store, "UPDATE journal SET staff_id = 99 WHERE number = 1")
    assert [each.number for each in auditing.verify(store).broken] == [1]


def test_the_list_for_who_looks_after_the_system_names_nobody(store, me, number):
    moving.open_(store, me, number, NOON)
    (line,) = auditing.listed(store, "AB12")
    assert line.called == str(me.id)
    assert list(auditing.listed(store, "NONE")) == []


def rendered(app, lines):
    with app.test_request_context():
        module = app.jinja_env.get_template("duty/history.html").make_module(
            {"_": app.jinja_env.globals["_"]}
        )
        page = BeautifulSoup(str(module.history(lines)), "html5lib")
    return [" ".join(each.get_text().split()) for each in page.select("ol.timeline li")]


def test_every_verb_of_a_flag_is_said_in_plain_words(app, store, me, number):
    for verb in Verb:
        detail = {"step": "on-duty", "channel": "mail", "addresses": 1, "try": 2}
        write(store, verb, flag=number, staff=me.id, detail=detail)
    said = rendered(app, auditing.history(store, me, number))
    for wanted in (
        "Wed 25 Nov, 12:00 The person on duty was called",
        "Wed 25 Nov, 12:00 Sent by e-mail · Dee Duty",
        "Wed 25 Nov, 12:00 Could not be sent by E-mail (try 2) · Dee Duty",
        "Wed 25 Nov, 12:00 Opened by Dee Duty",
        "Wed 25 Nov, 12:00 Child told, recorded by Dee Duty",
        "Wed 25 Nov, 12:00 Dee Duty wrote to the child",
    ):
        assert wanted in said
    plain = {each.removeprefix("Wed 25 Nov, 12:00 ") for each in said}
    of_a_flag = {
        "raised", "drill", "raised again", "added", "step", "sent", "not sent",
        "opened", "acknowledged", "taken in hand", "noted", "handed over",
        "receipt confirmed", "child told", "closed", "reopened", "barred",
        "wrote to the child", "messages closed", "printed",
    }  # fmt: skip
    assert not plain & of_a_flag
    assert not plain & {f"{verb} · Dee Duty" for verb in of_a_flag}
    assert "limits changed · Dee Duty" in plain, "what has no words is still shown"


def test_nobody_to_reach_and_nobody_who_did_it_are_said(app, store, me, number):
    detail = {"step": "lead", "called": 1, "addresses": 0}
    write(store, Verb.STEP, flag=number, detail=detail)
    write(store, Verb.CHILD_WROTE, flag=number)
    write(store, Verb.SENT, flag=number, detail={"channel": "webhook"})
    by_hand(store, "UPDATE journal SET at = 'noon' WHERE verb = 'sent'")
    assert rendered(app, auditing.history(store, me, number)) == [
        "Wed 25 Nov, 12:00 The lead was called · "
        "no address to reach them: only on this desk",
        "Wed 25 Nov, 12:00 The child wrote",
        "Sent to the hub This line was altered",
    ]


def test_signing_in_and_out_are_written_down(store, inspection):
    token = signing_in.sign_in(store, "dee", PASSWORD, now=NOON)
    signing_in.sign_out(store, token, now=NOON + MINUTE)
    signing_in.sign_out(store, token, now=NOON + MINUTE)
    signing_in.sign_out(store, "no token", now=NOON)
    dee = inspection.staff["dee"]
    assert [(each.verb, each.staff) for each in entries(store)] == [
        ("signed in", dee),
        ("signed out", dee),
    ]


@pytest.mark.parametrize("name", ["dee", "kanarienvogel"])
def test_a_refused_sign_in_is_written_down_without_any_name(store, inspection, name):
    with pytest.raises(signing_in.NotKnown):
        signing_in.sign_in(store, name, "kanarienvogel", now=NOON)
    (entry,) = entries(store)
    assert entry.verb == "sign-in refused"
    assert (entry.staff, entry.inspection, entry.flag) == (None, None, None)
    assert entry.detail == "{}"


def test_a_grant_is_written_down_with_who_gave_what_to_whom(store, inspection):
    with store.read() as db:
        vault = inspections.current_vaults(db, inspection.id)[Holder.DUTY]
    omar = make_staff(store, "omar", "Omar Duty", Role.DUTY)
    lena = inspection.staff["lena"]
    granting.grant(store, vault, b"p" * 32, omar, by=lena, now=NOON)
    entry = entries(store)[-1]
    assert (entry.verb, entry.staff, entry.inspection) == (
        "granted",
        lena,
        inspection.id,
    )
    assert entry.detail == f'{{"holder": "duty", "to": {omar}, "vault": {vault.id}}}'


def test_a_refused_grant_is_no_grant(store, inspection):
    with store.read() as db:
        vault = inspections.current_vaults(db, inspection.id)[Holder.DUTY]
    before = len(entries(store))
    with pytest.raises(granting.NotTheirs):
        adam = inspection.staff["adam"]
        granting.grant(store, vault, b"p" * 32, adam, now=NOON)
    assert len(entries(store)) == before


def test_each_lead_is_mailed_the_head_once_a_day(store, inspection):
    assert mailing_heads.due(store, NOON) == [], "there is nothing to prove yet"
    write(store, Verb.STEP)
    (mail,) = mailing_heads.due(store, NOON)
    assert mail.staff == inspection.staff["lena"]
    assert mail.head == auditing.head(store)

    mailing_heads.mailed(store, mail, NOON)
    assert mailing_heads.due(store, NOON + timedelta(hours=11)) == []
    (tomorrow,) = mailing_heads.due(store, NOON + timedelta(hours=13))
    assert tomorrow.head == Head(2, entries(store)[-1].hash)
    assert auditing.verify(store, [mail.head, tomorrow.head]).broken == ()


def test_a_mail_that_was_not_sent_is_still_due(store, inspection):
    write(store, Verb.STEP)
    assert mailing_heads.due(store, NOON) == mailing_heads.due(store, NOON + MINUTE)


def test_the_day_is_that_of_scotland(store, inspection):
    write(store, Verb.STEP)
    before = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # half past eleven there
    (mail,) = mailing_heads.due(store, before)
    mailing_heads.mailed(store, mail, before)
    assert mailing_heads.due(store, before + 29 * MINUTE) == []
    assert len(mailing_heads.due(store, before + 31 * MINUTE)) == 1


def test_a_lead_of_several_inspections_is_mailed_once_and_others_too(store, inspection):
    write(store, Verb.STEP)
    other = make_staff(store, "leo", "Leo Lead", Role.LEAD)
    with store.begin() as db:
        new = inspections.NewInspection(
            slug="glen",
            programme="living-at-home",
            area="Glen",
            script_id="living-at-home",
            cover={},
            local={},
            open=False,
        )
        second = inspections.add(db, new)
        for each in (other, inspection.staff["lena"]):
            inspections.assign(db, second, each)
    to = [each.staff for each in mailing_heads.due(store, NOON)]
    assert sorted(to) == sorted([inspection.staff["lena"], other])


def test_the_mail_holds_number_hash_and_how_to_check_and_no_more(store, inspection):
    write(store, Verb.STEP, flag=1, detail={"step": "on-duty"})
    (mail,) = mailing_heads.due(store, NOON)
    assert f"engage audit verify --head 1:{mail.head.hash}" in mail.text.splitlines()
    with store.read() as db:
        lena = staff.get(db, mail.staff)
    for word in (lena.name, lena.called, "Craigmore", "on-duty", "flag", "craigmore"):
        assert word not in mail.text + mail.subject


def test_looking_for_what_is_due_reads_no_further_back_than_the_day(store, inspection):
    write(store, Verb.HEAD_MAILED, NOON - timedelta(days=1), staff=1)
    write(store, Verb.STEP, NOON - timedelta(hours=14))
    with store.read() as db:
        found = journal.since(db, Verb.HEAD_MAILED, NOON - timedelta(days=2))
        assert len(found) == 1
    assert len(mailing_heads.due(store, NOON)) == 1
