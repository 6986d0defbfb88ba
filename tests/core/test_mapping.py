"""A safeguarding lead sees everything that matters in the picture and on the page."""

import re
from xml.etree import ElementTree

import pytest

from engage.core.dialogue import mapping, reading
from engage.core.dialogue.certificate import certificate
from engage.core.dialogue.script import Kind, Script
from engage.core.people import Voice
from engage.paths import CONVERSATIONS
from engage.services import proofs

SOURCES = {
    p.relative_to(CONVERSATIONS).as_posix(): p.read_text("utf-8")
    for p in CONVERSATIONS.rglob("*.yaml")
}
NAMES = proofs.scripts_in(SOURCES)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=NAMES)
def script(request: pytest.FixtureRequest) -> Script:
    return reading.read(SOURCES, request.param)


def words_in(picture: ElementTree.Element) -> str:
    return " ".join(t.text or "" for t in picture.iter(f"{SVG}text"))


def picture_of(script: Script, voice: Voice) -> ElementTree.Element:
    return ElementTree.fromstring(mapping.draw(script, voice))  # noqa: S314 - ours


@pytest.mark.parametrize("voice", list(Voice))
def test_every_question_and_option_is_in_the_picture(
    script: Script, voice: Voice
) -> None:
    words = words_in(picture_of(script, voice))
    for section, step in script.steps():
        if voice not in section.voices & step.voices:
            continue
        assert step.id in words
        for text in (step.ask, *(o.text for o in step.options_for(voice))):
            if text:
                assert text.for_voice(voice).replace("*", "") in words


def test_the_picture_has_a_name_and_a_description(script: Script) -> None:
    picture = picture_of(script, Voice.OLDER)
    labels = (picture.get("aria-labelledby") or "").split()
    named = {e.get("id"): e.text for e in picture if e.get("id")}
    assert picture.get("role") == "img"
    assert all(named[label] for label in labels)


def test_the_picture_needs_no_other_file(script: Script) -> None:
    drawn = mapping.draw(script, Voice.OLDER)
    assert re.findall(r'(?:href|src)="|@import|url\((?!#)', drawn) == []


def test_no_text_runs_out_of_the_picture(script: Script) -> None:
    picture = picture_of(script, Voice.OLDER)
    height = int(picture.get("height") or 0)
    for text in picture.iter(f"{SVG}text"):
        assert float(text.get("y") or 0) < height
        assert len(text.text or "") <= 100


def test_what_raises_a_concern_is_red_and_says_so(script: Script) -> None:
    picture = picture_of(script, Voice.OLDER)
    red = [r for r in picture.iter(f"{SVG}rect") if "red" in (r.get("class") or "")]
    raising = [
        step
        for section, step in script.steps()
        if Voice.OLDER in section.voices & step.voices
        and any(option.safeguard for option in step.options_for(Voice.OLDER))
    ]
    assert len(red) == len(raising) > 0
    assert "⚑ concern" in words_in(picture)


def test_the_page_to_sign_has_digest_triggers_and_every_question(
    script: Script,
) -> None:
    page = certificate(script, proofs.figures(script))
    assert script.digest in page
    for _, step in script.steps():
        for voice in script.voices:
            if step.ask and voice in step.ask.words:
                assert step.ask.words[voice] in page
        for option in step.options:
            if option.safeguard:
                assert f"**concern: {option.safeguard.level}**" in page
        if step.kind is Kind.WRITE:
            assert f"- `{step.id}`: screened" in page
    assert page.count("Name and date: ____") == 2


def test_a_script_is_found_by_its_name_or_its_file() -> None:
    assert proofs.named(SOURCES, "living-at-home") == "young-people/living-at-home.yaml"
    file = "conversations/young-people/living-at-home.yaml"
    assert proofs.named(SOURCES, file) == "young-people/living-at-home.yaml"
    with pytest.raises(KeyError):
        proofs.named(SOURCES, "shared/welcome")
