"""Offer the words of conversations/ to translators, each with its script and step.

Babel calls `extract` for every YAML file (see pyproject.toml). The context of a
message is `step:voice`, so that the same English words may be said in two ways.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engage.core.dialogue.script import Kind
from engage.core.people import Voice

_SPOKEN = frozenset({"title", "text", "ask", "lead", "said", "for", "hours-said"})
"""Keys whose value a child reads, whole or by voice."""
_NAMING = frozenset({*Kind, "section", "id", "script"})

Message = tuple[int, str, tuple[str, str], list[Any]]


def extract(
    fileobj: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[Message]:
    root = yaml.compose(fileobj.read().decode("utf-8"), Loader=yaml.SafeLoader)
    if root is not None:
        yield from _spoken(root, "")


def _spoken(node: Node, at: str) -> Iterator[Message]:
    if isinstance(node, SequenceNode):
        for each in node.value:
            yield from _spoken(each, at)
    elif isinstance(node, MappingNode):
        pairs = [(key.value, value) for key, value in node.value]
        at = next((v.value for k, v in pairs if k in _NAMING and _is_word(v)), at)
        for key, value in pairs:
            if key in _SPOKEN:
                yield from _words(value, at)
            elif key not in set(Voice):
                # The first response names its parts, where a script names its steps.
                part = key if at in ("", "first-response") else at
                yield from _spoken(value, part)


def _words(node: Node, at: str) -> Iterator[Message]:
    """A text: one for every voice, by voice, or a list of either."""
    if isinstance(node, ScalarNode):
        yield node.start_mark.line + 1, "pgettext", (at, node.value), []
    elif isinstance(node, SequenceNode):
        for each in node.value:
            yield from _words(each, at)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value in set(Voice) and isinstance(value, ScalarNode):
                context = f"{at}:{key.value}"
                yield value.start_mark.line + 1, "pgettext", (context, value.value), []
            else:
                yield from _spoken(MappingNode("", [(key, value)]), at)


def _is_word(node: Node) -> bool:
    return isinstance(node, ScalarNode)
