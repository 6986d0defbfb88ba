"""YAML as an author wrote it: every node with its line, every word as its letters.

Nodes are composed but never constructed, so `yes` stays the word "yes" and nothing
in a file can make an object.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engage.core.dialogue.problems import Problem, one_of

LARGEST = 64 * 1024
"""Bytes in one file."""
_DEEPEST = 40
_LONGEST_ID = 60
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_MEND = (
    "The cause may be a line or two above. Check the indents (spaces, never tabs), "
    "that every quote is closed, and that "
    'words which hold ": " or begin with * or { are in "double quotes".'
)

E = TypeVar("E", bound=StrEnum)


class _Refused(ComposerError):
    """Something YAML allows and we do not; says so in words for an author."""


class _Loader(yaml.SafeLoader):
    """Refuses what could make a small file large or endless once it is read."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise _Refused(None, None, "an unquoted word begins with *", mark)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Refused(None, None, "things are nested too deeply", mark)
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file being read. `problems` is shared by all the files of a script."""

    file: str
    problems: list[Problem]

    def report(self, at: Node | int, what: str, do: str) -> None:
        line = at if isinstance(at, int) else line_of(at)
        self.problems.append(Problem(self.file, line, what, do))

    def compose(self, text: str) -> Node | None:
        """The whole file as a node, or None with the reason reported."""
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
            self.report(
                1,
                "this file is larger than 64 kB",
                "Move some of its sections to another file and include that.",
            )
            return None
        try:
            node: Node | None = yaml.compose(text, Loader=_Loader)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, int(error.position)) + 1
            self.report(line, "a character here cannot be read", "Type it again.")
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            # The parser's own words ("expected <block end>") help no author.
            reason = f": {error.problem}" if isinstance(error, _Refused) else ""
            self.report(line, f"the file cannot be read here{reason}", _MEND)
            return None
        if node is None:
            self.report(1, "this file is empty", "Write it, or take it away.")
        return node

    def block(self, node: Node, called: str) -> "Block | None":
        """A mapping, `key: value` by line. None, and reported, if it is not one."""
        if not isinstance(node, MappingNode):
            self.report(
                node,
                f"{called} should be lines of the form key: value",
                "Write a key, a colon, a space and its value.",
            )
            return None
        keys: dict[str, Node] = {}
        values: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.report(
                    key,
                    f"a key of {called} is not a word",
                    'If these are words to be said, put them in "double quotes".',
                )
            elif key.value in keys:
                self.report(
                    key,
                    f'"{key.value}" is written twice in {called}',
                    "Keep one of the two.",
                )
            else:
                keys[key.value], values[key.value] = key, value
        return Block(self, node, called, keys, values)

    def items(self, node: Node, called: str) -> list[Node]:
        """The items of a list; reported if it is not a list or has none."""
        if isinstance(node, SequenceNode):
            if not node.value:
                self.report(node, f"{called} is an empty list", "Add to it.")
            return list(node.value)
        self.report(
            node,
            f"{called} should be a list",
            "Begin each item on its own line with a dash and a space.",
        )
        return []

    def word(self, node: Node, called: str) -> str:
        """A scalar as written. Empty, and reported, if there is none."""
        if isinstance(node, ScalarNode) and node.value.strip():
            return str(node.value).strip()
        if isinstance(node, ScalarNode):
            self.report(node, f"{called} is empty", "Write something after the colon.")
        else:
            self.report(
                node, f"{called} should be one word", "Write it after the colon."
            )
        return ""

    def words(self, node: Node, called: str) -> list[str]:
        """One word or a list of words."""
        if isinstance(node, ScalarNode):
            return [word for word in [self.word(node, called)] if word]
        found = [self.word(item, called) for item in self.items(node, called)]
        return [word for word in found if word]

    def id(self, node: Node, called: str) -> str:
        word = self.word(node, called)
        if word and not (_ID.fullmatch(word) and len(word) <= _LONGEST_ID):
            self.report(
                node,
                f'"{word}" cannot be the id of {called}',
                "Use lower-case letters, digits and single hyphens, at most "
                f"{_LONGEST_ID} in all, such as feel-safe-home.",
            )
            return ""
        return word

    def truth(self, node: Node, called: str) -> bool:
        word = self.word(node, called)
        if word and word.lower() not in _TRUTHS:
            self.report(
                node, f'"{called}" cannot be "{word}"', "Write true, or take it out."
            )
        return _TRUTHS.get(word.lower(), False)

    def count(self, node: Node, called: str, least: int, most: int) -> int | None:
        word = self.word(node, called)
        if re.fullmatch(r"[0-9]{1,4}", word) and least <= int(word) <= most:
            return int(word)
        if word:
            self.report(
                node,
                f'{called} cannot be "{word}"',
                f"Write a whole number from {least} to {most}.",
            )
        return None

    def member(self, node: Node, kind: type[E], called: str) -> E | None:
        """One of a closed set, such as a face or a level."""
        word = self.word(node, called)
        if word in set(kind):
            return kind(word)
        if word:
            self.report(node, f'"{word}" is not {called}', one_of(kind, word))
        return None


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping in a file."""

    sheet: Sheet
    node: Node
    called: str
    keys: Mapping[str, Node]
    values: Mapping[str, Node]

    @property
    def line(self) -> int:
        return line_of(self.node)

    def get(self, key: str) -> Node | None:
        return self.values.get(key)

    def need(self, key: str, do: str) -> Node | None:
        """The value of a key that must be there."""
        node = self.values.get(key)
        if node is None:
            self.sheet.report(self.node, f'{self.called} has no "{key}"', do)
        return node

    def only(self, allowed: Iterable[str]) -> None:
        """Report every key that is not allowed here."""
        known = list(allowed)
        for key, node in self.keys.items():
            if key not in known:
                self.sheet.report(
                    node,
                    f'"{key}" means nothing in {self.called}',
                    one_of(known, key),
                )

    def id(self, key: str, called: str) -> str:
        node = self.need(key, "Give it an id, such as feel-safe-home.")
        return "" if node is None else self.sheet.id(node, called)

    def truth(self, key: str) -> bool:
        node = self.values.get(key)
        return False if node is None else self.sheet.truth(node, key)
