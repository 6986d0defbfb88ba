"""Words that children should meet, and how old one must be to read them.

Two things are measured: wording rules, which are data in
`conversations/language.yaml`, and reading age.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any as Anything

import yaml

from engage.core.dialogue.problems import Problem, Severity
from engage.core.people import Voice

Syllables = Callable[[str], int]

STARTS_READING_AT = 5
"""Years: what an American school grade is short of an age."""

SHORTEST_MEASURED = 10
"""Words. Below this, one long word decides everything and the age means nothing."""

_APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}]"
_WORD = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n")
_PIPE = re.compile(r"\{([a-z0-9-]+)(?:\|([^{}]*))?\}")
_CAPITALS = re.compile(r"\b[A-Z]{2,}s?\b")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words that one voice meets, and where they are written."""

    words: str
    voice: Voice
    file: str
    line: int
    prose: bool = True
    """Said or asked, rather than a button: only prose has sentences."""
    grave: bool = False
    """Said about something sensitive, or to a child who may be in trouble."""


@dataclass(frozen=True, slots=True)
class WordingRule:
    """Words to avoid, why they may be all right after all, and what to say instead."""

    id: str
    avoid: re.Pattern[str]
    allow: re.Pattern[str] | None
    prefer: str
    severity: Severity
    source: str
    grave_only: bool = False
    adults: bool = False
    """Also for what grown-ups read."""


def rules(text: str) -> tuple[WordingRule, ...]:
    """Read wording rules from YAML; `conversations/README.md` has the form."""
    rows: list[dict[str, Anything]] = yaml.safe_load(text)["rules"]
    return tuple(_rule(row) for row in rows)


def _rule(row: dict[str, Anything]) -> WordingRule:
    allow = [_phrase(phrase) for phrase in row.get("allow", ())]
    avoid = [_phrase(phrase) for phrase in row.get("avoid", ())]
    if row.get("capitals"):
        avoid.append(_CAPITALS.pattern)
    return WordingRule(
        id=row["id"],
        avoid=re.compile("|".join(avoid)),
        allow=re.compile("|".join(allow)) if allow else None,
        prefer=row["prefer"],
        severity=Severity(row["severity"]),
        source=row["source"],
        grave_only=row.get("where") == "sensitive",
        adults=bool(row.get("adults")),
    )


def _phrase(phrase: str) -> str:
    """Turn a phrase into a pattern.

    `*` stands for any ending. Capitals in a phrase must be capitals in the words, so
    that LAC is found and lack or lac is not.
    """
    words = re.escape(phrase).replace("'", _APOSTROPHE)
    words = words.replace(r"\*", rf"(?:\w|{_APOSTROPHE})*").replace(r"\ ", r"[\s-]+")
    before = r"(?<![\w])" if phrase[0].isalnum() else ""
    after = r"(?![\w])" if phrase[-1].isalnum() else ""
    found = f"{before}{words}{after}"
    return found if phrase != phrase.lower() else f"(?i:{found})"


def passages_in(text: str, file: str) -> Iterator[Passage]:
    """Yield what is said in any YAML file of ours that speaks to worried children."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is not None:
        yield from _spoken(node, file, frozenset(Voice))


def _spoken(node: yaml.Node, file: str, voices: frozenset[Voice]) -> Iterator[Passage]:
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                only = {voice for voice in Voice if voice == key.value}
                yield from _spoken(value, file, frozenset(only) or voices)
        case yaml.SequenceNode():
            for each in node.value:
                yield from _spoken(each, file, voices)
        case yaml.ScalarNode() if " " in node.value:
            line = node.start_mark.line + 1
            for voice in sorted(voices):
                yield Passage(node.value, voice, file, line, grave=True)


def plain(words: str) -> str:
    """Words as a child may meet them: no markup, pipes filled with something likely."""
    return _PIPE.sub(lambda m: m[2] or "Sam", words).replace("*", "")


def count(words: str) -> int:
    return len(_WORD.findall(plain(words)))


def reading_age(text: str, syllables: Syllables) -> float:
    """Years old somebody must be to read this easily.

    Source: Kincaid, J.P., Fishburne, R.P., Rogers, R.L. and Chissom, B.S. (1975)
    "Derivation of new readability formulas", Research Branch Report 8-75, US Naval
    Technical Training Command: the Flesch-Kincaid grade level, plus five years.
    """
    return _age([text], [text], syllables)


def _age(prose: Iterable[str], every: Iterable[str], syllables: Syllables) -> float:
    """Sentences are measured in prose, words everywhere."""
    sentences = [s for text in prose for s in _SENTENCE.split(plain(text)) if count(s)]
    said = sum(count(sentence) for sentence in sentences)
    words = [word for text in every for word in _WORD.findall(plain(text))]
    if not words:
        return 0.0
    per_sentence = said / len(sentences) if sentences else 1.0
    per_word = sum(syllables(word) for word in words) / len(words)
    grade = 0.39 * per_sentence + 11.8 * per_word - 15.59
    return max(0.0, grade + STARTS_READING_AT)


def reading_age_of(passages: Iterable[Passage], syllables: Syllables) -> float:
    """Over many passages; a button of two words is no sentence, only words."""
    passages = list(passages)
    return _age(
        [p.words for p in passages if p.prose],
        [p.words for p in passages],
        syllables,
    )


def hard_texts(
    passages: Iterable[Passage], limit: float, syllables: Syllables
) -> Iterator[Problem]:
    for passage in passages:
        if not passage.prose or count(passage.words) < SHORTEST_MEASURED:
            continue
        age = reading_age(passage.words, syllables)
        if age > limit:
            yield Problem(
                passage.file,
                passage.line,
                f"These words need a reading age of {age:.1f} in the "
                f"{passage.voice} voice",
                "Use shorter sentences and shorter words.",
                Severity.WARNING,
            )


def wording(
    passages: Iterable[Passage], rules: Iterable[WordingRule]
) -> Iterator[Problem]:
    """Every place where words break a rule; once for a line, whatever the voices."""
    rules = tuple(rules)
    seen: set[tuple[str, int, str, str]] = set()
    for passage in passages:
        for rule in rules:
            for found in _hits(passage, rule):
                key = (passage.file, passage.line, rule.id, found)
                if key not in seen:
                    seen.add(key)
                    yield _hit(passage, rule, found)


def _hits(passage: Passage, rule: WordingRule) -> Iterator[str]:
    if rule.grave_only and not passage.grave:
        return
    words = plain(passage.words)
    allowed = [m.span() for m in rule.allow.finditer(words)] if rule.allow else []
    for match in rule.avoid.finditer(words):
        if not any(a <= match.start() and match.end() <= b for a, b in allowed):
            yield match[0]


def _hit(passage: Passage, rule: WordingRule, found: str) -> Problem:
    return Problem(
        passage.file,
        passage.line,
        f"“{found}” is not a word for children here ({rule.id}; {rule.source})",
        f"Say {rule.prefer}.",
        rule.severity,
    )
