"""Options: buttons, points, cards, piles and kinds of person; and shared scales."""

from collections.abc import Mapping
from dataclasses import dataclass

from yaml.nodes import Node

from engage.core.dialogue.problems import one_of
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.dialogue.reading_words import needed_text, read_voices, refuse_pipes
from engage.core.dialogue.script import Face, Option, Text
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level, Trigger


@dataclass(frozen=True, slots=True)
class Scales:
    """What scales.yaml offers by name."""

    named: Mapping[str, tuple[Option, ...]]
    piles: tuple[Option, ...] = ()


def read_options(
    sheet: Sheet, node: Node, called: str, needs: frozenset[Voice]
) -> tuple[Option, ...]:
    """Buttons, points, cards, piles or kinds of person."""
    found: dict[str, Option] = {}
    for item in sheet.items(node, called):
        block = sheet.block(item, f"an item of {called}")
        if block is None:
            continue
        option = _option(block, needs)
        if option.id in found:
            sheet.report(
                item,
                f'{called} has "{option.id}" twice',
                "Give each its own id.",
            )
        elif option.id:
            found[option.id] = option
    return tuple(found.values())


def _option(block: Block, needs: frozenset[Voice]) -> Option:
    block.only(("id", "text", "face", "voices", "safeguard"))
    id = block.id("id", "an option")
    voices = read_voices(block)
    text = needed_text(block, "text", needs & voices)
    face, guard = block.get("face"), block.get("safeguard")
    return Option(
        id=id,
        text=refuse_pipes(block.sheet, text or Text({}, block.line), "an option"),
        face=None if face is None else block.sheet.member(face, Face, "a face"),
        voices=voices,
        safeguard=None if guard is None else read_trigger(block.sheet, guard),
        line=block.line,
    )


def read_trigger(sheet: Sheet, node: Node) -> Trigger | None:
    block = sheet.block(node, "a safeguard")
    if block is None:
        return None
    block.only(("level", "category"))
    level = block.need("level", one_of(Level))
    category = block.need("category", "Name what it may be, such as home.")
    if level is None or category is None:
        return None
    found = sheet.member(level, Level, "a level of safeguard")
    return None if found is None else Trigger(found, sheet.word(category, '"category"'))


def read_scales(sheet: Sheet, node: Node, needs: frozenset[Voice]) -> Scales:
    block = sheet.block(node, "scales.yaml")
    if block is None:
        return Scales({})
    block.only(("scales", "piles"))
    scales, piles = block.get("scales"), block.get("piles")
    names = None if scales is None else sheet.block(scales, '"scales"')
    named = {} if names is None else dict(names.values)
    return Scales(
        {
            name: read_options(sheet, points, f'scale "{name}"', needs)
            for name, points in named.items()
        },
        () if piles is None else read_options(sheet, piles, '"piles"', needs),
    )
