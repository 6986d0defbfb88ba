"""Words that a child will read, by voice, and the pipes in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engage.core.dialogue.reading_nodes import Block, Sheet, line_of
from engage.core.dialogue.script import Text
from engage.core.people import Voice

PERSON = "person"
"""`{person}`: what the child calls the person this section is about."""
_PIPE = re.compile(r"\{([a-z0-9-]+)(?:\|([^{}|]*))?\}")
_HOW = "Write {step-id|words to use when there is no answer}."


@dataclass(frozen=True, slots=True)
class Pipe:
    """An earlier answer inside words."""

    step: str
    otherwise: str | None


def pipes(words: str) -> Iterator[Pipe]:
    for found in _PIPE.finditer(words):
        yield Pipe(found[1], found[2])


def read_text(
    sheet: Sheet, node: Node, called: str, needs: frozenset[Voice]
) -> Text | None:
    """Words for every voice in `needs`; a plain string is the same in all."""
    if isinstance(node, ScalarNode):
        words = _said(sheet, node, called)
        return Text(dict.fromkeys(Voice, words), line_of(node))
    block = sheet.block(node, called)
    if block is None:
        return None
    block.only(Voice)
    by_voice = {
        voice: _said(sheet, block.values[voice], f'{called} for the "{voice}" voice')
        for voice in Voice
        if voice in block.values
    }
    for voice in sorted(needs - set(by_voice)):
        sheet.report(
            node,
            f'{called} has no words for the "{voice}" voice',
            f'Add {voice}: "..." to it.',
        )
    return Text(by_voice, line_of(node))


def read_texts(
    sheet: Sheet, node: Node, called: str, needs: frozenset[Voice]
) -> tuple[Text, ...]:
    """One text or a list of them, each a bubble."""
    many = isinstance(node, SequenceNode)
    nodes = sheet.items(node, called) if many else [node]
    found = (read_text(sheet, each, called, needs) for each in nodes)
    return tuple(text for text in found if text is not None)


def needed_text(block: Block, key: str, needs: frozenset[Voice]) -> Text | None:
    node = block.need(key, f'Add {key}: "..." with the words to show.')
    if node is None:
        return None
    return read_text(block.sheet, node, f'"{key}"', needs)


def read_voices(block: Block) -> frozenset[Voice]:
    """The voices a thing is for; all of them unless it says."""
    node = block.get("voices")
    if node is None:
        return frozenset(Voice)
    items = block.sheet.items(node, '"voices"')
    found = (block.sheet.member(item, Voice, "a voice") for item in items)
    return frozenset(voice for voice in found if voice is not None)


def _said(sheet: Sheet, node: Node, called: str) -> str:
    if isinstance(node, MappingNode):
        # Unquoted words that begin with a pipe are a mapping to YAML.
        sheet.report(
            node,
            f"{called} is not words",
            'Put the words in "double quotes", all of them.',
        )
        return ""
    words = " ".join(sheet.word(node, called).split())
    for pipe in pipes(words):
        _check_pipe(sheet, node, pipe)
    if re.search(r"[{}]", _PIPE.sub("", words)):
        sheet.report(
            node,
            f"{called} holds a curly bracket that is not part of a pipe",
            f"Take it out, or, to use an earlier answer: {_HOW[0].lower()}{_HOW[1:]}",
        )
    if words.count("*") % 2:
        sheet.report(
            node,
            f"{called} has a * without its pair",
            "Put one * before and one * after the words to stand out.",
        )
    return words


def _check_pipe(sheet: Sheet, node: Node, pipe: Pipe) -> None:
    if pipe.step == PERSON:
        if pipe.otherwise is not None:
            sheet.report(
                node,
                "{person} needs no other words, for there is always a person",
                "Write {person} alone.",
            )
    elif not (pipe.otherwise or "").strip():
        sheet.report(
            node,
            f"{{{pipe.step}}} does not say what to use when there is no answer",
            _HOW,
        )


def refuse_pipes(sheet: Sheet, text: Text, called: str) -> Text:
    """The text without its pipes, each reported, where no answer can be known."""
    if not any(_PIPE.search(w) for w in text.words.values()):
        return text
    sheet.report(
        text.line,
        f"{called} cannot use an earlier answer",
        "Write the words without curly brackets.",
    )
    plain = {voice: _PIPE.sub("", words) for voice, words in text.words.items()}
    return Text(plain, text.line)
