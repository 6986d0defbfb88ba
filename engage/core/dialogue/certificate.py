"""The page that a safeguarding lead signs before a script is used."""

from collections.abc import Iterator, Sequence

from engage.core.dialogue.answers import LONGEST_CALLED
from engage.core.dialogue.checking import Figures
from engage.core.dialogue.conditions import in_words
from engage.core.dialogue.length import LIMITS
from engage.core.dialogue.mapping import KIND_WORDS
from engage.core.dialogue.reachable import voices_of
from engage.core.dialogue.script import Kind, Option, Script, Section, Step
from engage.core.people import Voice

_SIGNATURES = ("Safeguarding lead", "Inspection lead")
_LINE = "_" * 36


def certificate(script: Script, figures: Sequence[Figures]) -> str:
    """Write the page as Markdown that also reads well as it is.

    `figures` has one entry for each voice, as `checking.figures` makes them.
    """
    title = script.title.for_voice(script.voices[0])
    lines = [
        f"# Certificate: {title} ({script.id})",
        "",
        f"- Programme: {script.programme}",
        f"- Audience: {script.audience}",
        f"- Digest (SHA-256): `{script.digest}`",
        "",
        "This certificate is for these words only. One changed letter gives another "
        "digest, and needs another signature.",
        "",
        *_length(figures),
        *_triggers(script),
        *_writes(script),
    ]
    for voice in script.voices:
        lines += ["", f"## Every question in the {voice} voice", ""]
        for section in script.sections:
            lines += _section(script, section, voice)
    return "\n".join([*lines, *_signatures()]) + "\n"


def _length(figures: Sequence[Figures]) -> Iterator[str]:
    yield "## Length and reading age"
    yield ""
    yield "At the most, on the longest path, with one person named."
    yield ""
    yield "| Voice | Questions | Minutes (limit) | Reading age (limit) |"
    yield "|---|---|---|---|"
    for each in figures:
        limits = LIMITS[each.voice]
        yield (
            f"| {each.voice} | {each.questions} "
            f"| {each.minutes:.1f} ({limits.minutes:g}) "
            f"| {each.reading_age:.1f} ({limits.reading_age:g}) |"
        )
    yield ""
    yield (
        "Every question can also be answered with *Skip*, *Not sure* or *Rather not "
        "say*. The practice question is not counted."
    )


def _triggers(script: Script) -> Iterator[str]:
    yield ""
    yield "## Answers that raise a concern"
    yield ""
    found = [
        f"- `{step.id}` → “{_words(option)}”: **{option.safeguard.level}**, "
        f"{option.safeguard.category}"
        for _, step in script.steps()
        for option in step.options
        if option.safeguard
    ]
    yield from found or ["None."]


def _writes(script: Script) -> Iterator[str]:
    yield ""
    yield "## What can be written freely"
    yield ""
    found = [
        f"- `{step.id}`: screened"
        for _, step in script.steps()
        if step.kind is Kind.WRITE
    ]
    found += [
        f"- `{step.id}` (what people are called): names of at most "
        f"{LONGEST_CALLED} characters, screened"
        for _, step in script.steps()
        if step.kind is Kind.PEOPLE
    ]
    yield from found or ["Nothing."]
    yield ""
    yield (
        "A script has no way to leave a written answer out of screening: every `write` "
        "goes through the detector."
    )


def _section(script: Script, section: Section, voice: Voice) -> Iterator[str]:
    steps = [s for s in section.steps if voice in voices_of(script, section, s)]
    if not steps:
        return
    yield f"### {section.title.for_voice(voice)} ({section.arc})"
    if section.for_each:
        yield f"\nOnce for each person named in `{section.for_each}`."
    condition = in_words(section.when, script, voice)
    if condition:
        yield f"\nOnly if {condition}."
    yield ""
    for step in steps:
        yield from _step(script, step, voice)
    yield ""


def _step(script: Script, step: Step, voice: Voice) -> Iterator[str]:
    notes = [KIND_WORDS[step.kind].lower()]
    notes += ["practice"] if step.practice else []
    notes += ["sensitive"] if step.sensitive else []
    condition = in_words(step.when, script, voice)
    notes += [f"only if {condition}"] if condition else []
    yield f"- `{step.id}` ({'; '.join(notes)})"
    for text in step.say:
        yield f"  - says: {text.for_voice(voice)}"
    if step.ask:
        yield f"  - asks: **{step.ask.for_voice(voice)}**"
    for option in step.options_for(voice):
        yield f"    - {option.text.for_voice(voice)}{_flag(option)}"


def _flag(option: Option) -> str:
    if option.safeguard is None:
        return ""
    return f" → **concern: {option.safeguard.level}**, {option.safeguard.category}"


def _words(option: Option) -> str:
    """Words in every voice that words it differently."""
    return "” / “".join(dict.fromkeys(option.text.words.values()))


def _signatures() -> Iterator[str]:
    yield ""
    yield "## Signatures"
    yield ""
    yield "I have read every question above and the picture of their order."
    for role in _SIGNATURES:
        yield ""
        yield f"{role}: {_LINE}"
        yield ""
        yield f"Name and date: {_LINE}"
