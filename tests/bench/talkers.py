"""Children who talk fast: each its own talk, over real HTTP, as htmx would."""

import re
import threading
import time
from base64 import urlsafe_b64encode
from http.client import HTTPConnection
from urllib.parse import urlencode

import brotli

from engage.core.dialogue.answers import Place
from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from engage.services import joining, talking
from engage.services.joining import Way
from engage.web.young.reading_forms import given_from

_ONE = {
    name: re.compile(rf'name="{name}" value="([^"]*)"')
    for name in ("csrf_token", "place", "kind")
}
_ANSWERS = re.compile(r'name="answer" value="([^"]*)"')
_CARDS = re.compile(r'name="(card-[^"]*)" value="([^"]*)"')
_HEADERS = {
    "Accept-Encoding": "gzip, deflate, br",
    "Content-Type": "application/x-www-form-urlencoded",
    "HX-Request": "true",
}


class Refused(Exception):
    """Not 200, or no next question. `elsewhere`: taken, and on to another page."""

    def __init__(self, status, elsewhere):
        super().__init__(status, elsewhere)
        self.elsewhere = elsewhere


def first(answers):
    return answers[0]


class Talker:
    """One talk, and a connection to carry it on by."""

    def __init__(self, port, cookie, key=b""):
        self.port = port
        self.cookie = cookie
        self.key = key
        self.weight = 0
        self.html = ""
        self.token = ""
        self.line = None

    def opens(self):
        """The page of the talk: its cookie, its token, its question."""
        self._sends("GET", None)
        self.token = _found("csrf_token", self.html)
        return self

    @property
    def place(self):
        return _found("place", self.html)

    def fields(self, pick=first):
        """An answer to the question that waits."""
        kind, answers = _found("kind", self.html), _ANSWERS.findall(self.html)
        if 'name="text"' in self.html:
            return {"text": "Something I would like to say"}
        if kind:
            return {"kind": kind, f"called-{kind}-1": "Sam", f"called-{kind}-2": "Jo"}
        if cards := dict(_CARDS.findall(self.html)):
            return cards
        return {"answer": pick(answers)}

    def says(self, fields=None):
        """One turn. Raises `Refused`, or what the connection raises."""
        form = {"csrf_token": self.token, "place": self.place}
        self._sends("POST", urlencode(form | (fields or self.fields())))

    def _sends(self, method, body):
        if self.line is None:
            self.line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = _HEADERS | {"Cookie": f"engage={self.cookie}"}
        self.line.request(method, "/talk", body, headers)
        answer = self.line.getresponse()
        packed = answer.read()
        elsewhere = answer.headers.get("HX-Redirect", "")
        if answer.status != 200 or elsewhere:
            raise Refused(answer.status, elsewhere)
        self.weight = len(packed) + _head(answer)
        if answer.headers.get("Content-Encoding") == "br":
            packed = brotli.decompress(packed)
        self.html = packed.decode()
        for set_to in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = set_to.split(";")[0].partition("=")[2]

    def hangs_up(self):
        if self.line is not None:
            self.line.close()
        self.line = None


def _found(name, html):
    found = _ONE[name].search(html)
    return found[1] if found else ""


def _head(answer):
    """Bytes of status line and headers, as they came."""
    status = f"HTTP/1.1 {answer.status} {answer.reason}\r\n"
    lines = [f"{name}: {value}\r\n" for name, value in answer.headers.items()]
    return len(status) + sum(map(len, lines)) + len("\r\n")


def begins(app, made, *, way=None):
    """The key of a new talk in the older voice."""
    wired = app.extensions["engage"]
    way = way or Way(made.id, Findable.GATHERING, made.gathering)
    now = wired.now()
    return joining.begin(wired.store, wired.library, way, Voice.OLDER, now)


def cookie(app, key):
    held = {"talk": urlsafe_b64encode(key).decode()}
    return app.session_interface.get_signing_serializer(app).dumps(held)


def goes_on(app, key, *, until):
    """Answer as far as a place, without a server: what comes before is not measured."""
    wired = app.extensions["engage"]
    talk = talking.open_talk(wired.store, wired.library, key, wired.now())
    while (turn := talk.path.waiting) and turn.place != until:
        given = given_from(_form(turn, talk.voice), turn)
        talk, _ = talking.answer(talk, Place(turn.place), given)
    return key


def _form(turn, voice):
    from werkzeug.datastructures import MultiDict

    options = [each.id for each in turn.step.options_for(voice)]
    one = options[0] if options else ""
    piles = {f"card-{each}": turn.step.piles[0].id for each in options if _sorts(turn)}
    called = {f"called-{one}-1": "Sam", f"called-{one}-2": "Jo"}
    return MultiDict({"answer": one, "kind": one, "text": "Words"} | piles | called)


def _sorts(turn):
    return bool(turn.step.piles)


def together(jobs):
    """Do these at the same time. What one of them raises is raised here."""
    failed = []

    def run(job):
        try:
            job()
        except Exception as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def timed(do):
    """Milliseconds that it took."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000
