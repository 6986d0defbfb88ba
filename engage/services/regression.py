"""Messages that were noticed once, and harmless ones that were not: kept so.

conversations/safeguarding/regression.yaml. `engage check` refuses what loses one.
"""

from collections.abc import Iterator, Mapping

from engage.core.dialogue.problems import Problem
from engage.core.dialogue.reading_nodes import Sheet, line_of
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.screening import Screen

REGRESSION = "safeguarding/regression.yaml"
_AT_LEAST = {"now": Level.CONCERN, "concern": Level.CONCERN, "check": Level.CHECK}
"""What messages of each list must reach: `now` may be a concern, never less."""
HARMLESS = "none"


def lost(screen: Screen, sources: Mapping[str, str]) -> list[Problem]:
    """Every message of the list that is not decided on as it was."""
    text = sources.get(REGRESSION)
    if text is None:
        return []
    problems: list[Problem] = []
    sheet = Sheet(REGRESSION, problems)
    root = sheet.compose(text)
    block = sheet.block(root, "the list") if root is not None else None
    if block is not None:
        block.only((*_AT_LEAST, HARMLESS))
        for name, node in block.values.items():
            for item in sheet.items(node, name):
                problems += _lost(screen, name, sheet.word(item, name), line_of(item))
    return problems


def _lost(screen: Screen, name: str, text: str, line: int) -> Iterator[Problem]:
    found = screen.decide(text).level
    least = _AT_LEAST.get(name)
    if least is None and found in (Level.CONCERN, Level.NOW):
        said = f'harmless, and now flagged: "{text}"'
    elif least is not None and (found is None or found.rank < least.rank):
        said = f'{name}, and now {found or "not noticed"}: "{text}"'
    else:
        return
    do = "Undo the change of the lexicon that did it, or say why in this list."
    yield Problem(REGRESSION, line, said, do)
