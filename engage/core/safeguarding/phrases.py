"""Rows of words that stand under one name in the lexicon, looked for all at once."""

from collections.abc import Iterator, Sequence

Parts = tuple[str, ...]
"""Words, `begin*`, `<slot>` and `..`, from left to right."""


class Phrases:
    """Rows of words as a tree, so that rows which begin alike are looked for once."""

    __slots__ = ("begins", "ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, Phrases] = {}
        self.begins: list[tuple[str, Phrases]] = []
        self.ends: list[str] = []

    def enter(self, row: Parts, key: str) -> None:
        if not row:
            self.ends.append(key)
            return
        self._child(row[0]).enter(row[1:], key)

    def _child(self, part: str) -> "Phrases":
        if not part.endswith("*"):
            return self.next.setdefault(part, Phrases())
        for begin, child in self.begins:
            if begin == part[:-1]:
                return child
        self.begins.append((part[:-1], Phrases()))
        return self.begins[-1][1]

    def beginnings(self, words: Sequence[str]) -> Iterator[int]:
        """Places where a row may stand: its first two words do."""
        for at, word in enumerate(words):
            child = self.next.get(word)
            if self.begins or (
                child is not None
                and (
                    child.ends
                    or child.begins
                    or (at + 1 < len(words) and words[at + 1] in child.next)
                )
            ):
                yield at

    def follow(self, words: Sequence[str], at: int) -> Iterator[tuple[str, int]]:
        """Every row that stands here, and the place after it."""
        for key in self.ends:
            yield key, at
        if at == len(words):
            return
        word = words[at]
        child = self.next.get(word)
        if child is not None:
            yield from child.follow(words, at + 1)
        for begin, other in self.begins:
            if word.startswith(begin):
                yield from other.follow(words, at + 1)
