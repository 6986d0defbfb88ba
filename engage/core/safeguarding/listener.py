"""The listener: a judge that hears words in their order, as one hears a sentence.

The other judges weigh what stands in a message; this one weighs what follows on what:
each word is a row of numbers, each layer mixes a word with those near it, further away
in each layer, and what is loudest anywhere decides. It was taught by a large model that
has read much, which is too slow to run here. Nothing but numpy runs.
"""

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

PIECES = (3, 4, 5)
"""Letters of a piece of a word: what is known of a word that is new."""
MOST_PIECES = 24
_TINY = np.float32(1e-5)
Array = npt.NDArray[np.float32]
Small = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Layer:
    mixing: Array
    """From a word, the one `reach` before and the one after, side by side, to a row."""
    added: Array
    reach: int

    def of(self, rows: Array) -> Array:
        many, wide = rows.shape
        reach = self.reach
        around = np.zeros((many + 2 * reach, wide), np.float32)
        around[reach : reach + many] = evened(rows)
        near = np.concatenate(
            [around[at : at + many] for at in (0, reach, 2 * reach)], axis=1
        )
        mixed: Array = near @ self.mixing
        mixed += self.added
        np.maximum(mixed, 0, out=mixed)
        mixed += rows
        return mixed


@dataclass(frozen=True, slots=True)
class Listener:
    words: Mapping[str, int]
    """Word → its row in `known`; row 0 is for all others."""
    known: Small
    """What a word is, pieces and all."""
    pieces: Small
    """What a piece of a word is, by its hash; row 0 is for none."""
    scale: Array
    """What one of `known`, and one of `pieces`, is worth."""
    layers: Sequence[Layer]
    heed: Array
    """How much each of a few heeds a word, from its row."""
    heed_added: Array
    loudest: Array
    """From what was loudest to the levels."""
    says: Array
    """From a word, as each of the few hears it, to the levels, side by side."""
    bias: Array

    def rows(self, words: Sequence[str]) -> Array:
        """By word: what it is, where it stands."""
        places = [self.words.get(word, 0) for word in words]
        rows = self.known.take(places, axis=0).astype(np.float32) * self.scale[0]
        new: dict[str, Array] = {}
        for at, place in enumerate(places):
            if not place:
                word = words[at]
                if word not in new:
                    new[word] = self._by_pieces(word)
                rows[at] += new[word]
        rows = evened(rows)
        for layer in self.layers:
            rows = layer.of(rows)
        return rows

    def _by_pieces(self, word: str) -> Array:
        pieces = pieces_of(word, len(self.pieces) - 1)
        total = self.pieces.take(pieces, axis=0).sum(axis=0, dtype=np.int32)
        mean: Array = total * (self.scale[1] / np.float32(len(pieces)))
        return mean

    def _drawn(self, rows: Array) -> tuple[Array, Array]:
        """How much each of the few heeds each word; and what it then says of levels."""
        heeds = np.exp(rows @ self.heed + self.heed_added)
        says = (rows @ self.says).reshape(*heeds.shape, -1)
        return heeds, heeds[:, :, None] * says

    def shares(self, rows: Array, level: int) -> Array:
        """What each word adds to the verdict on a level: in all, the whole of it."""
        heeds, says = self._drawn(rows)
        shares = (says[:, :, level] / heeds.sum(axis=0)).sum(axis=1)
        loudest = rows.argmax(axis=0)
        values = rows[loudest, np.arange(rows.shape[1])] * self.loudest[:, level]
        np.add.at(shares, loudest, values)
        added: Array = shares
        return added

    def heard(self, rows: Array, starts: Sequence[int] = (0,)) -> Array:
        """The levels, as log-odds: first of all words, then by part of several.

        `rows`: as of `rows`. `starts`: where parts begin.
        """
        heeds, says = self._drawn(rows)
        few = heeds.shape[1]
        each = np.concatenate([heeds, says.reshape(len(rows), -1)], axis=1)
        drawn = np.add.reduceat(each, starts, axis=0)
        loud = np.maximum.reduceat(rows, starts, axis=0)
        if len(starts) > 1:
            drawn = np.concatenate([drawn.sum(axis=0, keepdims=True), drawn])
            loud = np.concatenate([loud.max(axis=0, keepdims=True), loud])
        said = drawn[:, few:].reshape(len(drawn), few, -1) / drawn[:, :few, None]
        levels: Array = said.sum(axis=1) + loud @ self.loudest + self.bias
        return levels


def evened(rows: Array) -> Array:
    """Each row as loud as every other."""
    loud = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
    each: Array = rows / np.sqrt(loud + _TINY)[:, None]
    return each


def pieces_of(word: str, most: int) -> list[int]:
    """The places of its pieces, from 1; 0 for none."""
    edged = f"<{word}>"
    pieces = [
        1 + zlib.crc32(edged[at : at + size].encode("utf-8", "replace")) % most
        for size in PIECES
        for at in range(len(edged) - size + 1)
    ]
    return pieces[:MOST_PIECES] or [0]


def kept(listener: Listener) -> dict[str, Any]:
    """As arrays with names, for a file."""
    layers = listener.layers
    return {
        "words": np.frombuffer("\n".join(listener.words).encode(), np.uint8),
        "known": listener.known,
        "pieces": listener.pieces,
        "scale": listener.scale,
        "mixing": np.stack([layer.mixing for layer in layers]).astype(np.float16),
        "added": np.stack([layer.added for layer in layers]),
        "reach": np.array([layer.reach for layer in layers]),
        "heed": listener.heed,
        "heed_added": listener.heed_added,
        "loudest": listener.loudest,
        "says": listener.says,
        "bias": listener.bias,
    }


def brought_back(held: Mapping[str, Any]) -> Listener:
    """From the arrays of `kept`."""
    words = held["words"].tobytes().decode().split("\n")
    mixing, added = held["mixing"].astype(np.float32), held["added"]
    layers = zip(mixing, added, held["reach"].tolist(), strict=True)
    return Listener(
        words={word: at for at, word in enumerate(words, 1)},
        known=held["known"],
        pieces=held["pieces"],
        scale=held["scale"],
        layers=[Layer(*each) for each in layers],
        heed=held["heed"],
        heed_added=held["heed_added"],
        loudest=held["loudest"],
        says=held["says"],
        bias=held["bias"],
    )


def packed(listener: Listener) -> bytes:
    """As a file."""
    file = io.BytesIO()
    np.savez_compressed(file, **kept(listener))
    return file.getvalue()


def unpacked(file: bytes) -> Listener:
    with np.load(io.BytesIO(file), allow_pickle=False) as held:
        return brought_back(held)
