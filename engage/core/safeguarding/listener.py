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
class Norm:
    """Brings a row of numbers to the same loudness."""

    gain: Array
    offset: Array

    def of(self, rows: Array) -> Array:
        rows = rows - rows.mean(axis=1, keepdims=True)
        loud = np.einsum("ij,ij->i", rows, rows)[:, None] / np.float32(rows.shape[1])
        evened: Array = rows / np.sqrt(loud + _TINY) * self.gain + self.offset
        return evened


@dataclass(frozen=True, slots=True)
class Layer:
    norm: Norm
    mixing: Array
    """From a word, the one `reach` before and the one after, side by side, to a row."""
    added: Array
    reach: int

    def of(self, rows: Array) -> Array:
        many, wide = rows.shape
        reach = self.reach
        around = np.zeros((many + 2 * reach, wide), np.float32)
        around[reach : reach + many] = self.norm.of(rows)
        near = np.concatenate(
            [around[at : at + many] for at in (0, reach, 2 * reach)], axis=1
        )
        mixed: Array = rows + np.maximum(near @ self.mixing + self.added, 0)
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
    norm: Norm
    layers: Sequence[Layer]
    heed: Array
    """How much each of a few heeds a word, from its row."""
    heed_added: Array
    verdict: Array
    """From what was loudest, and what each of the few heard, to the levels."""
    bias: Array

    def rows(self, words: Sequence[str]) -> Array:
        """By word: what it is, where it stands."""
        places = [self.words.get(word, 0) for word in words]
        rows = self.known.take(places, axis=0).astype(np.float32) * self.scale[0]
        for at, place in enumerate(places):
            if not place:
                rows[at] += self._by_pieces(words[at])
        rows = self.norm.of(rows)
        for layer in self.layers:
            rows = layer.of(rows)
        return rows

    def _by_pieces(self, word: str) -> Array:
        pieces = pieces_of(word, len(self.pieces) - 1)
        total = self.pieces.take(pieces, axis=0).sum(axis=0, dtype=np.int32)
        mean: Array = total * (self.scale[1] / np.float32(len(pieces)))
        return mean

    def _heeds(self, rows: Array) -> Array:
        heed = np.exp(rows @ self.heed + self.heed_added)
        heeds: Array = heed / heed.sum(axis=0)
        return heeds

    def shares(self, rows: Array, level: int) -> Array:
        """What each word adds to the verdict on a level: in all, the whole of it."""
        wide = rows.shape[1]
        says = self.verdict[:, level].reshape(-1, wide)
        shares = (self._heeds(rows) * (rows @ says[1:].T)).sum(axis=1)
        loudest = rows.argmax(axis=0)
        np.add.at(shares, loudest, rows[loudest, np.arange(wide)] * says[0])
        added: Array = shares
        return added

    def heard(self, rows: Array) -> Array:
        """The levels, as log-odds, of the words whose rows these are."""
        drawn = self._heeds(rows).T @ rows
        heard = np.concatenate([rows.max(axis=0), drawn.ravel()])
        levels: Array = heard @ self.verdict + self.bias
        return levels


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
    norms = [listener.norm, *(layer.norm for layer in layers)]
    return {
        "words": np.frombuffer("\n".join(listener.words).encode(), np.uint8),
        "known": listener.known,
        "pieces": listener.pieces,
        "scale": listener.scale,
        "norms": np.stack([[norm.gain, norm.offset] for norm in norms]),
        "mixing": np.stack([layer.mixing for layer in layers]).astype(np.float16),
        "added": np.stack([layer.added for layer in layers]),
        "reach": np.array([layer.reach for layer in layers]),
        "heed": listener.heed,
        "heed_added": listener.heed_added,
        "verdict": listener.verdict,
        "bias": listener.bias,
    }


def brought_back(held: Mapping[str, Any]) -> Listener:
    """From the arrays of `kept`."""
    words = held["words"].tobytes().decode().split("\n")
    first, *norms = (Norm(gain, offset) for gain, offset in held["norms"])
    mixing, added = held["mixing"].astype(np.float32), held["added"]
    layers = zip(norms, mixing, added, held["reach"].tolist(), strict=True)
    return Listener(
        words={word: at for at, word in enumerate(words, 1)},
        known=held["known"],
        pieces=held["pieces"],
        scale=held["scale"],
        norm=first,
        layers=[Layer(*each) for each in layers],
        heed=held["heed"],
        heed_added=held["heed_added"],
        verdict=held["verdict"],
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
