"""Reading: from what an author wrote to a script, or to everything wrong with it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engage.core.dialogue.problems import Problem, Unreadable, one_of
from engage.core.dialogue.reading_nodes import Block, Sheet, line_of
from engage.core.dialogue.reading_options import Scales, read_scales
from engage.core.dialogue.reading_references import References
from engage.core.dialogue.reading_rules import read_rule
from engage.core.dialogue.reading_steps import read_step
from engage.core.dialogue.reading_words import needed_text, read_voices, refuse_pipes
from engage.core.dialogue.script import Arc, Script, Section, Step, Text
from engage.core.people import Voice

SCALES = "scales.yaml"
_SECTION = ("section", "title", "arc", "voices", "when", "for-each", "steps")


def read(sources: Mapping[str, str], name: str) -> Script:
    """Read the script `name`, such as "young-people/living-at-home.yaml".

    Args:
        sources: the text of each file by its path below conversations/.
        name: one of those paths.

    Raises:
        Unreadable: with every problem found.
    """
    reading = _Reading(sources, name)
    script = reading.script()
    if script is None or reading.problems:
        raise Unreadable(sorted(set(reading.problems)))
    return script


def sources_of(script_name: str, sources: Mapping[str, str]) -> dict[str, str]:
    """The files a script is made of: its own, what it includes, and the scales."""
    folder = _folder(script_name)
    found: dict[str, str] = {}
    waiting = [script_name]
    while waiting:
        name = waiting.pop()
        if name in sources and name not in found:
            found[name] = sources[name]
            waiting += [folder + path for path in _includes(sources[name])]
    if SCALES in sources:
        found[SCALES] = sources[SCALES]
    return found


def digest_of(sources: Mapping[str, str]) -> str:
    """SHA-256 over paths and texts. Lengths keep one from running into the next."""
    digest = hashlib.sha256()
    for path, text in sorted(sources.items()):
        for part in (path.encode(), text.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _folder(name: str) -> str:
    folder, slash, _ = name.rpartition("/")
    return folder + slash


def _includes(text: str) -> Iterator[str]:
    node = Sheet("", []).compose(text)
    pairs = node.value if isinstance(node, MappingNode) else []
    for key, sections in pairs:
        if key.value == "sections" and isinstance(sections, SequenceNode):
            for section in sections.value:
                yield from _included(section)


def _included(section: Node) -> Iterator[str]:
    for key, value in section.value if isinstance(section, MappingNode) else []:
        if key.value == "include" and isinstance(value, ScalarNode):
            yield value.value.strip()


@dataclass(slots=True)
class _Reading:
    """One script being read; gathers problems from all its files."""

    sources: Mapping[str, str]
    name: str
    problems: list[Problem] = field(default_factory=list)
    needs: frozenset[Voice] = frozenset(Voice)
    scales: Scales = field(default_factory=lambda: Scales({}))
    lines: dict[str, str] = field(default_factory=dict)
    """Where each id was first written, as file:line."""
    broken: set[str] = field(default_factory=set)
    files_missing: bool = False

    def script(self) -> Script | None:
        block = self._open(self.name)
        if block is None:
            return None
        block = replace(block, called="the script")
        block.only(("script", "title", "programme", "audience", "voices", "sections"))
        block.need("voices", "Add voices: [younger, older].")
        voices = read_voices(block)
        self.needs = voices
        self._read_scales()
        title = needed_text(block, "title", voices) or Text({})
        sections = tuple(self._sections(block, (self.name,)))
        broken = None if self.files_missing else frozenset(self.broken)
        References(self.problems, sections, broken).check()
        return Script(
            id=self._id(block),
            title=refuse_pipes(block.sheet, title, "a title"),
            programme=block.id("programme", "a programme"),
            audience=self._audience(block),
            voices=tuple(voice for voice in Voice if voice in voices),
            sections=sections,
            digest=digest_of(sources_of(self.name, self.sources)),
        )

    def _open(self, name: str) -> Block | None:
        sheet = Sheet(name, self.problems)
        if name not in self.sources:
            sheet.report(1, "there is no such file", one_of(self.sources, name))
            return None
        node = sheet.compose(self.sources[name])
        return None if node is None else sheet.block(node, "the file")

    def _read_scales(self) -> None:
        if SCALES not in self.sources:
            return
        sheet = Sheet(SCALES, self.problems)
        node = sheet.compose(self.sources[SCALES])
        if node is not None:
            self.scales = read_scales(sheet, node, self.needs)

    def _id(self, block: Block) -> str:
        id = block.id("script", "a script")
        stem = self.name.removeprefix(_folder(self.name)).removesuffix(".yaml")
        if id and id != stem:
            block.sheet.report(
                block.values["script"],
                f'the script is called "{id}" but its file is called "{stem}.yaml"',
                "Give both the same name.",
            )
        return id

    def _audience(self, block: Block) -> str:
        audience = block.id("audience", "an audience")
        folder = _folder(self.name).rstrip("/")
        if audience and folder and audience != folder:
            block.sheet.report(
                block.values["audience"],
                f'the audience is "{audience}" but the file is in "{folder}"',
                "Move the file, or name its folder here.",
            )
        return audience

    def _sections(self, block: Block, trail: tuple[str, ...]) -> Iterator[Section]:
        sections = block.need("sections", "Add the list of sections.")
        if sections is None:
            return
        for node in block.sheet.items(sections, '"sections"'):
            each = block.sheet.block(node, "a section")
            if each is None:
                continue
            if "include" in each.keys:
                yield from self._include(each, trail)
            else:
                yield self._section(each)

    def _include(self, block: Block, trail: tuple[str, ...]) -> Iterator[Section]:
        block.only(("include",))
        node = block.values["include"]
        path = block.sheet.word(node, '"include"')
        name = _folder(self.name) + path
        if not path:
            return
        if name in trail:
            block.sheet.report(
                node,
                f'"{path}" includes itself, by way of {" and ".join(trail)}',
                "Take out one of the includes.",
            )
        elif name not in self.sources:
            self.files_missing = True
            folder = _folder(self.name)
            near = [
                n.removeprefix(folder) for n in self.sources if n.startswith(folder)
            ]
            block.sheet.report(
                node, f'there is no file "{name}" to include', one_of(near, path)
            )
        else:
            yield from self._opened(name, trail)

    def _opened(self, name: str, trail: tuple[str, ...]) -> Iterator[Section]:
        block = self._open(name)
        if block is None:
            self.files_missing = True
            return
        block.only(("sections",))
        yield from self._sections(block, (*trail, name))

    def _section(self, block: Block) -> Section:
        sheet = block.sheet
        id = block.id("section", "a section")
        self._once(block, "section", id)
        block = replace(block, called=f'section "{id}"' if id else "this section")
        block.only(_SECTION)
        voices = read_voices(block)
        arc = block.need("arc", one_of(Arc))
        when, each = block.get("when"), block.get("for-each")
        title = needed_text(block, "title", self.needs & voices)
        section = Section(
            id=id,
            title=refuse_pipes(sheet, title or Text({}), "a title"),
            arc=(arc and sheet.member(arc, Arc, "a part of the arc")) or Arc.MIDDLE,
            steps=tuple(self._steps(block, self.needs & voices)),
            voices=voices,
            for_each=None if each is None else sheet.word(each, '"for-each"'),
            file=sheet.file,
            line=block.line,
        )
        return (
            section if when is None else replace(section, when=read_rule(sheet, when))
        )

    def _steps(self, block: Block, needs: frozenset[Voice]) -> Iterator[Step]:
        node = block.need("steps", "Add the list of its steps, or take it away.")
        if node is None:
            return
        for item in block.sheet.items(node, f'"steps" of {block.called}'):
            step = read_step(block.sheet, item, needs, self.scales)
            if step is None:
                self._remember_broken(item)
            elif step.id and self._once(block, "step", step.id, step.line):
                yield step

    def _remember_broken(self, item: Node) -> None:
        pairs = item.value if isinstance(item, MappingNode) else []
        self.broken |= {v.value for _, v in pairs if isinstance(v, ScalarNode)}

    def _once(self, block: Block, kind: str, id: str, line: int = 0) -> bool:
        """Whether this is the first section or step of that id."""
        line = line or line_of(block.node)
        first = self.lines.setdefault(f"{kind} {id}", f"{block.sheet.file}:{line}")
        if not id or first == f"{block.sheet.file}:{line}":
            return True
        block.sheet.report(
            line,
            f'there is already a {kind} called "{id}", at {first}',
            "Give each its own id.",
        )
        return False
