"""What the bot says when worried: conversations/safeguarding/first-response.yaml, read.

Every fault is reported by line. What the words mean is in `interruption`; its
names may be had from here too.
"""

import re
from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engage.core.dialogue.problems import Problem, Severity, Unreadable, one_of
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import (
    ASKING,
    PLACEHOLDERS,
    Choice,
    Findable,
    FirstResponse,
    Part,
    Said,
    Situation,
    When,
    Words,
    bubbles,
    question,
)

__all__ = [
    "ASKING",
    "Choice",
    "Findable",
    "FirstResponse",
    "Part",
    "Said",
    "Situation",
    "When",
    "Words",
    "bubbles",
    "question",
    "read_first_response",
]

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_MUST_SPEAK = frozenset(Part) - frozenset(ASKING)


def read_first_response(text: str, file: str) -> FirstResponse:
    """The words as written.

    Raises:
        Unreadable: with every problem found, by line. Words that would leave a
            child in some situation with nothing said are a problem too.
    """
    problems: list[Problem] = []
    sheet = Sheet(file, problems)
    root = sheet.compose(text)
    top = sheet.block(root, "this file") if root is not None else None
    body = top.need("first-response", "Begin with first-response:") if top else None
    block = sheet.block(body, "first-response") if body is not None else None
    parts: dict[Part, Said] = {}
    if block is not None:
        block.only(Part)
        for part in Part:
            node = block.need(part, "Write its words.")
            if node is not None:
                parts[part] = _part(sheet, part, node)
    if not problems:
        _always_something(sheet, parts)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise Unreadable(problems)
    return FirstResponse(parts)


def _part(sheet: Sheet, part: Part, node: Node) -> Said:
    if not isinstance(node, MappingNode) or part is Part.PASSING_ON:
        return Said(_bubbles(sheet, node, part))
    block = sheet.block(node, part)
    if block is None:
        return Said()
    block.only(("ask", "said", "options"))
    said, ask = block.get("said"), block.get("ask")
    return Said(
        () if said is None else _bubbles(sheet, said, part),
        () if ask is None else _bubbles(sheet, ask, part),
        _options(sheet, block, part),
    )


def _bubbles(sheet: Sheet, node: Node, part: Part) -> tuple[Words, ...]:
    """A text, a text with conditions, or a list of either."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    return tuple(_words(sheet, each, part) for each in nodes)


def _words(sheet: Sheet, node: Node, part: Part) -> Words:
    if not _has_text(node):
        return Words(_text(sheet, node, part), line=node.start_mark.line + 1)
    block = sheet.block(node, part)
    if block is None:
        return Words({})
    block.only(("text", "when"))
    when = block.get("when")
    return Words(
        _text(sheet, block.values["text"], part),
        When() if when is None else _when(sheet, when),
        block.line,
    )


def _has_text(node: Node) -> bool:
    return isinstance(node, MappingNode) and any(
        key.value == "text" for key, _ in node.value
    )


def _when(sheet: Sheet, node: Node) -> When:
    block = sheet.block(node, "when")
    if block is None:
        return When()
    block.only(("level", "cover", "planned", "findable", "adult"))
    levels = _members(sheet, block, "level", Level)
    findable = _members(sheet, block, "findable", Findable)
    return When(
        frozenset(map(Level, levels)),
        block.truth("cover") if block.get("cover") else None,
        frozenset(map(Findable, findable)),
        block.truth("adult") if block.get("adult") else None,
        block.truth("planned") if block.get("planned") else None,
    )


def _members(
    sheet: Sheet, block: Block, key: str, known: type[Level] | type[Findable]
) -> list[str]:
    node = block.get(key)
    found = [] if node is None else sheet.words(node, key)
    for word in found:
        if word not in set(known):
            sheet.report(node or block.node, f'{key} "{word}"', one_of(known, word))
    return [word for word in found if word in set(known)]


def _text(sheet: Sheet, node: Node, part: Part) -> Mapping[Voice, str]:
    if isinstance(node, ScalarNode):
        return dict.fromkeys(Voice, _plain(sheet, node, part))
    block = sheet.block(node, f"the words of {part}")
    if block is None:
        return {}
    block.only(Voice)
    words: dict[Voice, str] = {}
    for voice in Voice:
        said = block.need(voice, "Every voice needs its own words.")
        if said is not None:
            words[voice] = _plain(sheet, said, part)
    return words


def _plain(sheet: Sheet, node: Node, part: Part) -> str:
    words = " ".join(sheet.word(node, f"the words of {part}").split())
    for brace in _BRACES.finditer(words):
        if brace[1] not in PLACEHOLDERS:
            sheet.report(
                node,
                f"{brace[0]} stands for nothing here",
                one_of([f"{{{name}}}" for name in PLACEHOLDERS], brace[0]),
            )
    return words


def _options(sheet: Sheet, block: Block, part: Part) -> tuple[Choice, ...]:
    wanted = ASKING.get(part, ())
    node = block.get("options")
    found = [] if node is None else _choices(sheet, node, part)
    if tuple(choice.id for choice in found) != wanted:
        sheet.report(
            node or block.node,
            f"{part} has the wrong options",
            f"The ids, in this order: {', '.join(wanted) or 'none'}.",
        )
    return tuple(found)


def _choices(sheet: Sheet, node: Node, part: Part) -> list[Choice]:
    choices = []
    for item in sheet.items(node, "options"):
        option = sheet.block(item, f"an option of {part}")
        if option is not None:
            option.only(("id", "text"))
            text = option.need("text", "Give the button its words.")
            words = {} if text is None else _text(sheet, text, part)
            choices.append(Choice(option.id("id", f"an option of {part}"), words))
    return choices


def _always_something(sheet: Sheet, parts: Mapping[Part, Said]) -> None:
    """Report each part that has nothing to say or ask in some situation."""
    fr = FirstResponse(parts)
    for part in Part:
        if any(_silent(fr, part, each) for each in _situations()):
            sheet.report(
                1,
                f"{part} has no words in some situation",
                "Add words without a `when`, or for the situations left out.",
            )


def _silent(fr: FirstResponse, part: Part, situation: Situation) -> bool:
    if part in _MUST_SPEAK and not bubbles(fr, part, situation, Voice.YOUNGER):
        return True
    asks = fr.parts[part].ask
    return part in ASKING and not any(words.when.fits(situation) for words in asks)


def _situations() -> list[Situation]:
    return [
        Situation(level, covered, by, findable, adult, "")
        for level in Level
        for by in ("soon", "")
        for covered in (True, False)
        for findable in Findable
        for adult in (True, False)
    ]
