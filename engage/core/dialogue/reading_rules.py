"""Rules: when a section or step is asked. Data, never code."""

from collections.abc import Callable

from yaml.nodes import Node

from engage.core.dialogue.reading_nodes import Block, Sheet, line_of
from engage.core.dialogue.script import All, Answered, Any, Is, Not, PersonIs, Rule

WORDS = ("any", "all", "not", "answered", "person")
"""Keys of a rule that are not the id of a step."""


def read_rule(sheet: Sheet, node: Node) -> Rule:
    """The rule, with only what could be read of it; the rest is reported."""
    block = sheet.block(node, "a rule")
    if block is None:
        return All()
    if not block.keys:
        sheet.report(node, "this rule is empty", "Write {step-id: option-id}.")
    rules = tuple(_part(block, key) for key in block.keys)
    return rules[0] if len(rules) == 1 else All(rules)


def _part(block: Block, key: str) -> Rule:
    special: dict[str, Callable[[Sheet, Node], Rule]] = {
        "any": lambda sheet, node: Any(_rules(sheet, node, '"any"')),
        "all": lambda sheet, node: All(_rules(sheet, node, '"all"')),
        "not": lambda sheet, node: Not(read_rule(sheet, node)),
        "answered": _answered,
        "person": _person,
    }
    sheet, node, line = block.sheet, block.values[key], line_of(block.keys[key])
    if key in special:
        return special[key](sheet, node)
    values = sheet.words(node, f'the rule about "{key}"')
    return Is(key, frozenset(values), line)


def _rules(sheet: Sheet, node: Node, called: str) -> tuple[Rule, ...]:
    return tuple(read_rule(sheet, item) for item in sheet.items(node, called))


def _answered(sheet: Sheet, node: Node) -> Rule:
    return Answered(sheet.word(node, '"answered"'), line_of(node))


def _person(sheet: Sheet, node: Node) -> Rule:
    return PersonIs(frozenset(sheet.words(node, '"person"')), line_of(node))
