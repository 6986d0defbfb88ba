"""A child with a plain browser: fills in the forms that the pages give them."""

from base64 import urlsafe_b64decode

from bs4 import BeautifulSoup
from html5lib import HTMLParser

from engage.core.dialogue.answers import Place, Silence
from engage.services import duty_desk, joining, moving, signing_in, talking
from engage.store import gatherings
from tests.factories import NOON, PASSWORD
from tests.page import check

CARD = "K7 42 AB CD"
WAYS = ("gathering", "card", "open")


def print_card(app, inspection):
    """Give the inspection one printed card."""
    wired = app.extensions["engage"]
    number = joining.card_hash(wired.settings.secret_key, inspection.id, CARD)
    with wired.store.begin() as db:
        gatherings.add_cards(db, inspection.id, [number])


class Child:
    """`htmx`: as with scripting on, where a turn comes back without its page."""

    def __init__(self, app, *, htmx=False):
        self.wired = app.extensions["engage"]
        self.client = app.test_client()
        self.headers = {"HX-Request": "true"} if htmx else {}
        self.page = None

    def opens(self, path, status=200):
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, path
        self.page = check(answer.text)
        return self.page

    def sends(self, form, status=200, headers=(), **fields):
        """Send a form of the page, with what it holds hidden and what is filled in."""
        hidden = {f["name"]: f["value"] for f in form.select("input[type=hidden]")}
        answer = self.client.post(
            form["action"],
            data=hidden | fields,
            headers=headers,
            follow_redirects=True,
        )
        assert answer.status_code == status, answer.text
        if where := answer.headers.get("HX-Redirect"):
            return self.opens(where)
        self.page = (fragment if headers else check)(answer.text)
        return self.page

    def comes_by(self, way):
        """As far as the choice of a voice."""
        if way == "open":
            self.opens("/o/craigmore")
            return
        code = CARD if way == "card" else "teal-fox 42"
        self.sends(self.opens("/").select_one("form[action='/join']"), code=code)

    def joins(self, way="gathering", voice="older"):
        self.comes_by(way)
        self.sends(self.page.select_one("form[action='/voice']"), voice=voice)
        self.sends(self.page.select_one("form[action='/begin']"), answer="yes")
        return self

    @property
    def form(self):
        return self.page.select_one("#turn form")

    @property
    def place(self):
        form = self.form
        return form.select_one("[name=place]")["value"] if form else None

    def says(self, status=200, **fields):
        """Answer the question that is on the page."""
        return self.sends(self.form, status, self.headers, **fields)

    def says_something(self):
        """The first answer that is offered, or some words."""
        return self.says(**something_in(self.form))

    def skips_to(self, place):
        """Skip what comes before, quickly: the pages of it are tested elsewhere."""
        talk = self.talk()
        while (waiting := talk.path.waiting).place != place:
            talk, _ = talking.answer(talk, Place(waiting.place), Silence.SKIP)
        self.opens("/talk")
        return self

    def talk(self):
        """The talk as the server opens it for this child's cookie."""
        with self.client.session_transaction() as session:
            key = urlsafe_b64decode(session["talk"])
        return talking.open_talk(self.wired.store, self.wired.library, key, NOON)


def fragment(html):
    HTMLParser(strict=True).parseFragment(html, container="main")
    return BeautifulSoup(html, "html.parser")


def something_in(form):
    if form.select("[name=text]"):
        return {"text": "Something"}
    if kinds := form.select("[name=kind]"):
        kind = kinds[0]["value"]
        return {"kind": [kind], f"called-{kind}-1": "Sam", f"called-{kind}-2": "Jo"}
    piles = form.select("[type=radio]")
    answers = form.select("[name=answer]")
    one = {} if piles else {"answer": answers[0]["value"]}
    return {pile["name"]: pile["value"] for pile in piles} | one


def bubbles(page, who="me"):
    """What was said, as its exact characters."""
    return [
        "\n".join(p.get_text() for p in each.select("p"))
        for each in page.select(f"li.{who}")
    ]


def open_flag(store):
    """The notes of the one flag that waits, opened by the duty inspector."""
    token = signing_in.sign_in(store, "dee", PASSWORD, now=NOON)
    me = signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)
    (waiting,) = duty_desk.desk(store, me, NOON).waiting
    moving.open_(store, me, waiting.flag.id, NOON)
    return duty_desk.read(store, me, waiting.flag.id).notes
