"""Many turns of one talk at the same moment, on both databases."""

import threading

import pytest
from sqlalchemy import func, select

from engage.app import create_app
from engage.settings import Settings
from engage.store.tables import metadata
from tests.databases import BOTH
from tests.databases import postgresql as postgresql
from tests.databases import postgresql_store as postgresql_store
from tests.databases import postgresql_url as postgresql_url
from tests.factories import Clock, make_inspection
from tests.web.child import Child

AT_ONCE = 16


@pytest.fixture(params=BOTH)
def app(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'engage.sqlite'}"
    if request.param == "postgresql":
        request.getfixturevalue("postgresql")
        url = request.getfixturevalue("postgresql_url")
    app = create_app(Settings(b"test" * 8, url, https=False), now=Clock())
    app.testing = True
    make_inspection(app.extensions["engage"].store)
    yield app
    app.extensions["engage"].store.dispose()


def rows(app):
    with app.extensions["engage"].store.read() as db:
        return {
            name: db.scalar(select(func.count()).select_from(metadata.tables[name]))
            for name in ("answer", "flag", "flag_part")
        }


def all_at_once(app, child, answers):
    """Send these answers to the question on the page, each in a thread of its own."""
    form = {f["name"]: f["value"] for f in child.form.select("input[type=hidden]")}
    cookie = child.client.get_cookie("engage").value
    start = threading.Barrier(len(answers))
    came = []

    def send(fields):
        client = app.test_client()
        client.set_cookie("engage", cookie)
        start.wait()
        came.append(client.post("/talk", data=form | fields).status_code)

    threads = [threading.Thread(target=send, args=(fields,)) for fields in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_the_same_turn_many_times_at_once_leaves_one_answer_and_one_flag(app):
    child = Child(app).joins().skips_to("safe-home")
    before = rows(app)
    came = all_at_once(app, child, [{"answer": "never"}] * AT_ONCE)
    assert came == [303] * AT_ONCE
    more = {name: count - before[name] for name, count in rows(app).items()}
    assert more == {"answer": 1, "flag": 1, "flag_part": 1}


def test_different_answers_at_once_leave_a_talk_that_goes_on(app):
    child = Child(app).joins().skips_to("safe-home")
    points = ("always", "mostly", "not-often", "never")
    answers = [{"answer": points[n % 4]} for n in range(AT_ONCE)]
    came = all_at_once(app, child, answers)
    assert set(came) <= {303, 503}
    assert 303 in came
    talk = child.talk()
    numbers = [answer.number for answer in talk.answers]
    assert numbers == list(range(1, len(numbers) + 1))
    worrying = [answer for answer in talk.answers if answer.concern]
    assert rows(app)["flag"] == bool(worrying)
    assert rows(app)["flag_part"] >= len(worrying)
