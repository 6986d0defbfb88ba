"""The PDF of a hand-over: whoever reads it reads every letter of the child's."""

import io
import unicodedata
from datetime import timedelta
from functools import cache

import pytest
from pypdf import PdfReader

from engage.core.safeguarding.flags import Move
from engage.services import hand_over_pdf, handing_over, signing_in
from engage.store import flags
from tests.factories import NOON, PASSWORD, make_flag

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def dee(store, inspection):
    token = signing_in.sign_in(store, "dee", PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


@pytest.fixture
def printed(store, inspection, dee):
    """The PDF of a flag in which this was said: a reader of it."""

    def make(words, **form):
        number = make_flag(store, inspection, parts=[{"words": words}])
        with store.begin() as db:
            for move in (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE):
                flags.move(db, number, move, by=dee.id, at=NOON)
        if form:
            handing_over.save(store, dee, number, form, 0, NOON)
        draft = handing_over.draft(store, dee, number, NOON)
        return PdfReader(io.BytesIO(hand_over_pdf.pdf(draft, LATER)))

    return make


def text(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def flat(words):
    return "".join(words.split())


SAID = {
    "Scots": "Ma da’s aye shoutin’, A’m feart tae gang hame",
    "Gaelic": "Tha an t-eagal orm a dhol dhachaigh, chan eil e sàbhailte",
    "Polish": "Boję się wracać do domu, zażółć gęślą jaźń",
    "Ukrainian": "Я боюся йти додому, ґанок її",
    "Russian": "Мне страшно идти домой, ещё",
    "signs": "I said “no” & <b>he</b> laughed… £5 – 100% {nb} \\ ~^",
    "faces": "I am scared 😭🙂❤️ ok",
    "accents apart": unicodedata.normalize("NFD", "àéîõü żółć"),
}


@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
def test_every_word_is_found_again_in_its_order(printed, words):
    found = flat(text(printed(words)))
    wanted = flat(hand_over_pdf.shown(words))
    assert _composed(wanted) in _composed(found)


@pytest.mark.parametrize(
    "words",
    [
        "أنا خائف من العودة إلى البيت",
        "میں گھر جانے سے ڈرتا ہوں، بہت ڈر لگتا ہے",
        "می‌ترسم به خانه بروم",
    ],
    ids=["Arabic", "Urdu", "Persian"],
)
def test_every_letter_that_runs_from_the_right_is_found_again(printed, words):
    found = sorted(_letters(text(printed(words))))
    assert found == sorted(_letters(words))
    assert hand_over_pdf.shown(words) == words


def test_letters_from_the_right_are_joined_and_stand_at_the_right(printed):
    reader = printed("بيت")
    (x,) = _places(reader, "بيت")
    assert x > 300


def _places(reader, letters):
    """How far from the left each piece of text with one of these letters stands."""
    found = []

    def visit(said, _matrix, place, _font, _size):
        if set(_letters(said)) & set(letters):
            found.append(place[4])

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(
    ("letter", "spelled"),
    [
        ("🧸", "[U+1F9F8 teddy bear]"),
        ("漢", "[U+6F22 cjk unified ideograph-6f22]"),
        ("\u00ad", "[U+00AD soft hyphen]"),
        ("\ue123", "[U+E123 character]"),
    ],
)
def test_what_no_font_can_draw_is_spelled_out(printed, letter, spelled):
    assert hand_over_pdf.shown(f"a{letter}b") == f"a{spelled}b"
    assert flat(f"a{spelled}b") in flat(text(printed(f"a{letter}b")))


def test_lines_stay_lines_and_a_very_long_word_is_broken_and_not_cut(printed):
    long = "".join(f"{count:04}" for count in range(150))
    found = text(printed(f"first\nsecond\r\n{long}\tend"))
    assert "first\nsecond\n" in found
    assert long in flat(found)
    assert "end" in found


def test_it_says_what_it_is_on_each_page(printed):
    reader = printed("No", happened="They told me more. " * 260)
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 1
    for count, page in enumerate(pages, 1):
        foot = f"CONFIDENTIAL · AB12 · page {count} of {len(pages)}"
        assert foot in " ".join(page.split())
    assert reader.metadata.title == "Concern AB12"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    assert reader.outline[0].title == "What was said, word for word"


def test_it_is_black_on_white_and_draws_nothing_but_text(printed):
    for page in printed("No", name="Jo").pages:
        drawn = page.get_contents().get_data().decode("latin-1")
        # r g b as numbers before "rg": the one colour of text, if any is set.
        colours = {line for line in drawn.splitlines() if line.endswith((" rg", " g"))}
        assert colours <= {"0 g", "0.000 g", "0 0 0 rg"}
        assert "/XObject" not in page["/Resources"]


def test_what_was_typed_and_what_was_left_empty_can_both_be_read(printed):
    found = text(printed("No", age="16-17", name="Zażółć", to="Morag Local"))
    said = " ".join(found.split())
    assert "child protection and adult support and protection" in said
    assert "How old is the child? 16 or 17" in said
    assert "Name Zażółć" in said
    assert "Version 1, Dee Duty, 12:00 on 25 November 2026." in said
    assert "Printed 12:05 on 25 November 2026." in said
    left = said[said.index("Left empty") :]
    assert "Age or date of birth" in left
    assert "Handed over to (name)" not in left


@cache
def _is_letter(letter):
    return unicodedata.bidirectional(letter) == "AL"


def _composed(words):
    return unicodedata.normalize("NFC", words)


def _letters(words):
    """Letters of Arabic scripts, whichever shape they have in their word."""
    plain = unicodedata.normalize("NFKC", words)
    return [letter for letter in plain if _is_letter(letter)]
