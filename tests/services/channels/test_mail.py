"""Mail reaches a real server with TLS and sign-in, and says nothing of its cause."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from engage.core.duty.notices import Notice
from engage.core.safeguarding.concerns import Level
from engage.services.channels import mail
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels

USER, PASSWORD = "engage", "a long password"
NOTICE = Notice(
    "K7-4242",
    Level.NOW,
    datetime(2026, 11, 25, 16, 52, tzinfo=UTC),
    "on-duty",
    address="https://engage.example",
    key="engage-7",
)


class Box:
    """Takes mail, unless the address asks for something else."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        for code in ("550 5.7.1", "550", "451"):
            if address.startswith(code.replace(" ", "-")):
                return f"{code} no"
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def known(_server, _session, _envelope, _mechanism, given):
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right, auth_data=given)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box, trusted):
    made = Controller(
        box,
        hostname="localhost",
        port=free_port(),
        tls_context=trusted,
        auth_required=True,
        authenticator=known,
    )
    made.start()
    yield made
    made.stop()


@pytest.fixture
def settings(server, authority, tmp_path):
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    return set_up(server.port, str(ca))


def set_up(port, ca="", **more):
    given = {
        "smtp_host": "localhost",
        "smtp_port": port,
        "smtp_user": USER,
        "smtp_password": PASSWORD,
        "smtp_from": "desk@engage.example",
        "smtp_ca": ca,
    }
    return Channels(**(given | more))


def free_port():
    with socket.socket() as way:
        way.bind(("localhost", 0))
        return way.getsockname()[1]


def test_a_notice_holds_exactly_the_agreed_words(settings, box):
    mail.send(settings, "dee@engage.example", NOTICE)
    (came,) = box.mails
    said = "A now flag is waiting: K7-4242, since 16:52 on 25 Nov"
    assert came["Subject"] == said
    assert came.get_content().splitlines() == [
        f"{said}.",
        "",
        "You are on duty.",
        "",
        "Please open it and acknowledge it.",
        "",
        "Sign in and open it: https://engage.example/staff/sign-in",
        "",
        "This message says nothing of what it is about, and replies are not read.",
    ]
    assert came["To"] == "dee@engage.example"
    assert came["Auto-Submitted"] == "auto-generated"


def test_a_second_try_is_the_same_mail(settings, box):
    for _ in range(2):
        mail.send(settings, "dee@engage.example", NOTICE)
    assert {came["Message-ID"] for came in box.mails} == {"<engage-7@engage.example>"}


def test_tls_from_the_first_byte_works_as_well(box, trusted, authority, tmp_path):
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    port = free_port()
    made = Controller(box, hostname="localhost", port=port, ssl_context=trusted)
    made.start()
    try:
        settings = set_up(port, str(ca), smtp_tls="tls", smtp_user="", smtp_password="")
        mail.send(settings, "dee@engage.example", NOTICE)
    finally:
        made.stop()
    assert len(box.mails) == 1


def test_an_address_that_is_not_known_is_refused_for_good(settings, box):
    with pytest.raises(Refused, match="does not know this address"):
        mail.send(settings, "550@engage.example", NOTICE)
    assert box.mails == []


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.example, <"]
)
def test_what_is_no_address_is_refused_before_anything_is_sent(settings, box, address):
    with pytest.raises(Refused):
        mail.send(settings, address, NOTICE)
    assert box.mails == []


def test_a_server_that_will_not_send_for_us_says_nothing_of_the_address(settings):
    with pytest.raises(Failed, match="later"):
        mail.send(settings, "550-5.7.1@engage.example", NOTICE)


def test_later_means_later(settings):
    with pytest.raises(Failed, match="later"):
        mail.send(settings, "451@engage.example", NOTICE)


def test_a_wrong_password_is_said_and_tried_again(settings, server):
    wrong = set_up(server.port, settings.smtp_ca, smtp_password="no")
    with pytest.raises(Failed, match="name and password") as said:
        mail.send(wrong, "dee@engage.example", NOTICE)
    assert str(said.value) != "no"


def test_a_certificate_that_nobody_vouches_for_gets_nothing(settings, server, box):
    with pytest.raises(Failed, match="certificate"):
        mail.send(set_up(server.port), "dee@engage.example", NOTICE)
    assert box.mails == []


def test_a_certificate_that_has_run_out_gets_nothing(box, authority, tmp_path):
    old = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    authority.issue_cert("localhost", not_after=yesterday).configure_cert(old)
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    port = free_port()
    made = Controller(box, hostname="localhost", port=port, tls_context=old)
    made.start()
    try:
        with pytest.raises(Failed, match="certificate"):
            mail.send(set_up(port, str(ca)), "dee@engage.example", NOTICE)
    finally:
        made.stop()
    assert box.mails == []


def test_no_server_and_a_server_that_hangs_are_failures_in_time(monkeypatch):
    with pytest.raises(Failed, match="does not answer"):
        mail.send(set_up(free_port()), "dee@engage.example", NOTICE)
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    # The system takes the connection; nobody ever says a word on it.
    with (
        socket.create_server(("localhost", 0)) as silent,
        pytest.raises(Failed, match="too long"),
    ):
        mail.send(set_up(silent.getsockname()[1]), "dee@engage.example", NOTICE)


def test_without_a_mail_server_it_fails_and_says_so():
    with pytest.raises(Failed, match="no mail server"):
        mail.send(Channels(), "dee@engage.example", NOTICE)
