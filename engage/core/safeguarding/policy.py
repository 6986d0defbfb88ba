"""What safeguarding leads decide about noticed worries: settings, each with a reason.

In conversations/safeguarding/policy.yaml.
"""

from dataclasses import dataclass
from enum import StrEnum

from engage.core.dialogue.problems import Problem, Unreadable
from engage.core.dialogue.reading_nodes import Block, E, Sheet
from engage.core.safeguarding.concerns import Level

_MOST = 20
_HUNDRED = 100
_LONGEST_WAIT = 24 * 60


class Thoughts(StrEnum):
    """What thoughts of suicide without a plan are worth."""

    CONCERN = "concern"
    NOW = "now"


class Likeness(StrEnum):
    """What the learned layer may do where no rule speaks."""

    FLAG = "flag"
    CHECK = "check"


class LeftOpen(StrEnum):
    """When a check-in that was left open is passed on."""

    NEVER = "never"
    STRONG = "strong"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Policy:
    thoughts: Thoughts = Thoughts.CONCERN
    likeness: Likeness = Likeness.FLAG
    left_open: LeftOpen = LeftOpen.ALWAYS
    wait: int = 30
    """Minutes until a check-in that nobody answers counts as left open."""
    different: int = 2
    """Checks about so many different things in one talk are a concern."""
    same: int = 3
    ordinary: int = 8
    """Of a hundred messages like one, fewer worries make it an ordinary one."""

    def for_thoughts(self, level: Level | None) -> Level | None:
        raised = level is Level.CONCERN and self.thoughts is Thoughts.NOW
        return Level.NOW if raised else level

    def for_likeness(self, level: Level | None) -> Level | None:
        asks = level is not None and self.likeness is Likeness.CHECK
        return Level.CHECK if asks else level

    def is_ordinary(self, priority: float) -> bool:
        """Whether a rule that plain life says too has nothing else to go by."""
        return priority * _HUNDRED < self.ordinary

    def passes_on(self, *, strong: bool) -> bool:
        """Whether a check-in that is left open is passed on."""
        if self.left_open is LeftOpen.STRONG:
            return strong
        return self.left_open is LeftOpen.ALWAYS


AS_IT_CAME = Policy()
_SETTINGS = (
    "thoughts-of-suicide",
    "likeness-alone",
    "ordinary",
    "check-left-open",
    "several-checks",
)


def read_policy(text: str, file: str) -> Policy:
    """The settings. Raises `Unreadable`, with every problem."""
    problems: list[Problem] = []
    sheet = Sheet(file, problems)
    root = sheet.compose(text)
    top = sheet.block(root, "the policy") if root is not None else None
    policy = _policy(top) if top is not None else Policy()
    if problems:
        raise Unreadable(problems)
    return policy


def _policy(top: Block) -> Policy:
    top.only(_SETTINGS)
    left = _reasoned(top, "check-left-open", ("is", "minutes"))
    several = _reasoned(top, "several-checks", ("different", "same"))
    ordinary = _reasoned(top, "ordinary", ("under",))
    return Policy(
        _setting(top, "thoughts-of-suicide", Thoughts, Thoughts.CONCERN),
        _setting(top, "likeness-alone", Likeness, Likeness.FLAG),
        _choice(left, LeftOpen, LeftOpen.ALWAYS),
        _count(left, "minutes", 30, _LONGEST_WAIT),
        _count(several, "different", 2),
        _count(several, "same", 3),
        _count(ordinary, "under", 8, _HUNDRED, least=0),
    )


def _reasoned(top: Block, key: str, own: tuple[str, ...]) -> Block | None:
    """The block of one setting. Who decided it, and why, must be there."""
    node = top.need(key, "Take it from the version that came with Engage.")
    block = None if node is None else top.sheet.block(node, key)
    if block is not None:
        block.only((*own, "because", "decided-by"))
        for needed in ("because", "decided-by"):
            said = block.need(needed, "Write it: others must be able to follow.")
            if said is not None:
                block.sheet.word(said, needed)
    return block


def _setting(top: Block, key: str, kind: type[E], usual: E) -> E:
    return _choice(_reasoned(top, key, ("is",)), kind, usual)


def _choice(block: Block | None, kind: type[E], usual: E) -> E:
    node = None if block is None else block.need("is", "Write one of its choices.")
    if block is None or node is None:
        return usual
    found = block.sheet.member(node, kind, "a choice here")
    return usual if found is None else found


def _count(
    block: Block | None, key: str, usual: int, most: int = _MOST, least: int = 1
) -> int:
    node = None if block is None else block.need(key, "Write a number.")
    if block is None or node is None:
        return usual
    found = block.sheet.count(node, key, least, most)
    return usual if found is None else found
