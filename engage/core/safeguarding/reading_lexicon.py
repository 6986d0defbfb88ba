"""Read the files of the lexicon, and say in which line something is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yaml.nodes import Node

from engage.core.dialogue.problems import Problem, Unreadable
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.safeguarding import normalise
from engage.core.safeguarding.coded_words import CHECKED, OWNER, care_of
from engage.core.safeguarding.concerns import CATEGORIES
from engage.core.safeguarding.lexicon import Lexicon, Rule, Strength
from engage.core.safeguarding.matching import GAP
from engage.core.safeguarding.phrases import Parts

LEAST_TESTS = 3
_TOP = ("language", "reviewed-by", "last-checked", "slots", "spellings", "rules")
_TOP_TOO = ("frames",)
_RULE = ("id", "level", "category", "because", "look-for", "never-denied", "asked")
_ORDINARY = "unless-ordinary"
_RULE_TOO = ("must", "must-not", _ORDINARY, OWNER, CHECKED)


def read_lexicon(files: Mapping[str, str], vocabulary: Sequence[str] = ()) -> Lexicon:
    """Every file of the lexicon, by its name.

    Raises:
        Unreadable: with every problem found.
    """
    problems: list[Problem] = []
    tops = []
    for name, text in sorted(files.items()):
        sheet = Sheet(name, problems)
        root = sheet.compose(text)
        top = sheet.block(root, "this file") if root is not None else None
        if top is not None:
            top.only((*_TOP, *_TOP_TOO))
            tops.append(top)
    slots: dict[str, list[Parts]] = {}
    spellings: dict[str, str] = {}
    languages: dict[str, str] = {}
    for top in tops:
        languages[_line(top, "language")] = _line(top, "reviewed-by")
        spellings |= _spellings(top)
    reader = _Reader(spellings, slots)
    for top in tops:
        for name, rows in reader.lists(top, "slots").items():
            slots.setdefault(name, []).extend(rows)
    rules = [
        rule
        for top in tops
        for key in ("rules", "frames")
        for rule in reader.rules(top, key)
    ]
    _twice(rules, problems)
    if problems:
        raise Unreadable(problems)
    return Lexicon(rules, slots, spellings, languages, vocabulary)


def _line(block: Block, key: str) -> str:
    node = block.need(key, "Every file says it.")
    return "" if node is None else block.sheet.word(node, key)


def _spellings(top: Block) -> dict[str, str]:
    node = top.get("spellings")
    block = top.sheet.block(node, "spellings") if node is not None else None
    if block is None:
        return {}
    return {
        normalise.plain(word): normalise.plain(top.sheet.word(value, word))
        for word, value in block.values.items()
    }


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of words as they are met: plain, and text-speak spelled out."""

    spellings: Mapping[str, str]
    slots: Mapping[str, list[Parts]]

    def lists(self, top: Block, key: str) -> dict[str, list[Parts]]:
        node = top.get(key)
        block = top.sheet.block(node, key) if node is not None else None
        if block is None:
            return {}
        return {
            name: [self.row(each) for each in top.sheet.words(value, name)]
            for name, value in block.values.items()
        }

    def row(self, text: str) -> Parts:
        return tuple(part for word in text.split() for part in self._parts(word))

    def _parts(self, word: str) -> list[str]:
        if word == GAP or word.startswith("<"):
            return [word]
        plain = normalise.plain(word.rstrip("*"))
        if word.endswith("*"):
            return [f"{plain}*"]
        return self.spellings.get(plain, plain).split()

    def rules(self, top: Block, key: str) -> list[Rule]:
        node = top.get(key)
        items = [] if node is None else top.sheet.items(node, key)
        found = [self._rule(top.sheet, each, frame=key == "frames") for each in items]
        return [rule for rule in found if rule is not None]

    def _rule(self, sheet: Sheet, node: Node, *, frame: bool) -> Rule | None:
        block = sheet.block(node, "a frame" if frame else "a rule")
        if block is None:
            return None
        block.only((*_RULE, *_RULE_TOO))
        patterns = block.need("look-for", "List what to look for.")
        rows = [] if patterns is None else sheet.words(patterns, "look-for")
        return Rule(
            block.id("id", "a rule"),
            Strength.HINT if frame else _strength(block),
            () if frame else _categories(block),
            _line(block, "because"),
            tuple(self._pattern(block, "look-for", text) for text in rows),
            not block.truth("never-denied"),
            frame,
            _tests(block, "must"),
            _tests(block, "must-not"),
            sheet.file,
            block.line,
            self._asked(block),
            block.truth(_ORDINARY),
            care_of(block),
        )

    def _asked(self, block: Block) -> tuple[Parts, ...]:
        node = block.get("asked")
        rows = [] if node is None else block.sheet.words(node, "asked")
        return tuple(self._pattern(block, "asked", text) for text in rows)

    def _pattern(self, block: Block, key: str, text: str) -> Parts:
        parts = self.row(text)
        at = block.values[key]
        for part in parts:
            if part.startswith("<") and part[1:-1] not in self.slots:
                block.sheet.report(at, f'no slot {part} (in "{text}")', "List it.")
        if any(a == b == GAP for a, b in pairwise(parts)):
            block.sheet.report(at, f'"{text}" has two .. in a row', "One is enough.")
        if not parts or GAP in (parts[0], parts[-1]):
            what = f'"{text}" begins or ends with ..'
            block.sheet.report(at, what, "Begin and end with a word.")
            return ("\0",)
        return parts


def _strength(block: Block) -> Strength:
    node = block.need("level", "Write hint, check, concern or now.")
    found = None if node is None else block.sheet.member(node, Strength, "a level")
    return found or Strength.HINT


def _categories(block: Block) -> tuple[str, ...]:
    node = block.need("category", "Every rule needs it.")
    found = [] if node is None else block.sheet.words(node, "category")
    for each in found:
        if each not in CATEGORIES:
            block.sheet.report(
                block.node, f'no category "{each}"', f"Write {', '.join(CATEGORIES)}."
            )
    return tuple(found)


def _tests(block: Block, key: str) -> tuple[str, ...]:
    node = block.need(key, f"Write at least {LEAST_TESTS} messages.")
    found = [] if node is None else block.sheet.words(node, key)
    if node is not None and len(found) < LEAST_TESTS:
        block.sheet.report(
            node, f"{key} has {len(found)}", f"Write at least {LEAST_TESTS} messages."
        )
    return tuple(found)


def _twice(rules: list[Rule], problems: list[Problem]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            problems.append(
                Problem(
                    rule.file,
                    rule.line,
                    f'two rules are called "{rule.id}"',
                    "Give one of them another id.",
                )
            )
        seen.add(rule.id)


def broken_tests(lexicon: Lexicon) -> list[Problem]:
    """Rules that miss what they must match, or match what they must not."""
    problems = []
    for rule in lexicon.rules:
        for text in rule.must:
            if not _matches(lexicon, rule, text):
                problems.append(_missed(rule, f'it does not match "{text}"'))
        for text in rule.must_not:
            if _matches(lexicon, rule, text):
                problems.append(_missed(rule, f'it matches "{text}"'))
    return problems


def _missed(rule: Rule, what: str) -> Problem:
    do = "Change what it looks for, or this message."
    return Problem(rule.file, rule.line, f"{rule.id}: {what}", do)


def _matches(lexicon: Lexicon, rule: Rule, text: str) -> bool:
    """A message, or for rules about bare answers: "What was asked? > the answer"."""
    question, arrow, answer = text.partition(" > ")
    looked = lexicon.look(answer, question) if arrow else lexicon.look(text)
    hits = looked.frames if rule.frame else looked.hits
    return any(hit.rule.id == rule.id and not hit.denied for hit in hits)
