"""What translators are given is what children are shown."""

from pathlib import Path

from babel.messages.pofile import read_po

from engage import paths
from engage.core.dialogue.script import Text
from engage.services import library

AGAIN = "pybabel extract -F pyproject.toml --no-location --sort-output"


def texts(script):
    for section, step in script.steps():
        options = [each.text for each in (*step.options, *step.piles)]
        asked = [step.ask] if isinstance(step.ask, Text) else []
        yield from (section.title, *step.say, *asked, *options)


def test_every_word_of_every_script_is_offered_to_translators():
    with Path(paths.TRANSLATIONS, "messages.pot").open("rb") as file:
        offered = {message.id for message in read_po(file)}
    books = library.load()
    missing = {
        words
        for script in books.published.values()
        for text in texts(script)
        for words in text.words.values()
        if words not in offered
    }
    assert not missing, f"{AGAIN} --omit-header -o translations/messages.pot ."
