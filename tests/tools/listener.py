"""Teach the listener (`engage.core.safeguarding.listener`) what the teacher thinks.

`python -m tests.tools.listener VERDICTS > tests/corpora/listener.npz`. Needs torch;
half an hour. It learns from the labels of the corpora, in English and Scots, together
with the teacher's verdicts (`tests.tools.teacher`) on them and on mixtures of
them. It begins with what single words mean to the teacher's language model
(`tests.tools.meanings`), and learns besides to think as the teacher does: far more can
be learned from that of one message than from three levels. Writers who are kept apart
(`messages.is_apart`) it never meets: on them `engage train` sets how much its own
verdict counts. In the last rounds labels count most, and half of what is heard has one.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as wrongness

from engage import paths
from engage.core.safeguarding import listener as heard
from engage.services import messages, noticing, shelves
from tests.tools.batching import batches, count_of, padded
from tests.tools.meanings import meanings
from tests.tools.mixtures import in_a_row, ordinary

CORPORA = Path(__file__).parents[1] / "corpora"

WIDE, LAYERS, FEW, HEEDS, PIECES = 96, 3, 3, 8, 4096
ROUNDS, SIZE, PACE, LONGEST = 4, 256, 2e-3, 160
LAST_ROUNDS, LAST_PACE = 4, 1e-3
IN_A_ROW, ORDINARY, ORDINARY_COUNTS = 40_000, 60_000, 1.5
"""Long ones that are made; and ordinary ones, and how much each counts."""
LABEL, LAST_LABEL = 0.4, 0.95
"""How much a label counts beside the teacher's verdict, in the last rounds, too."""
GIST = 1.0
"""How much it counts that it thinks as the teacher does, beside that it judges so."""
LOST, DULLED = 0.08, 0.1


class Hears(nn.Module):
    """What `Listener` does, in a form that learns."""

    def __init__(self, words, gist):
        super().__init__()
        self.place = {word: at for at, word in enumerate(words, 2)}
        self.known = nn.Embedding(len(words) + 2, WIDE, padding_idx=0)
        self.pieces = nn.Embedding(PIECES + 1, WIDE, padding_idx=0)
        for each in (self.known, self.pieces):
            nn.init.normal_(each.weight, 0, 0.1)
            nn.init.zeros_(each.weight[0])
        self.mixing = nn.ModuleList(
            nn.Conv1d(WIDE, WIDE, 3, padding=2**n, dilation=2**n) for n in range(LAYERS)
        )
        self.heed = nn.Linear(WIDE, HEEDS)
        self.loudest = nn.Linear(WIDE, 3)
        self.says = nn.Linear(WIDE, 3 * HEEDS, bias=False)
        self.gist = nn.Linear((HEEDS + 1) * WIDE, gist)
        self.dulled = nn.Dropout(DULLED)

    def begin_with(self, meanings):
        """By word: where to begin, before anything is learned."""
        with torch.no_grad():
            self.known.weight[2:] = torch.tensor(0.1 * meanings)

    def learn_words(self, words):
        """Their numbers, once, so that a batch only looks them up."""
        self.number = {word: at for at, word in enumerate(words, 1)}
        pieces = [[0], *(heard.pieces_of(word, PIECES) for word in words)]
        table = np.zeros((len(pieces), heard.MOST_PIECES), np.int64)
        for at, own in enumerate(pieces):
            table[at, : len(own)] = own
        self.of_pieces = torch.tensor(table)
        self.many = torch.tensor((table > 0).sum(1).clip(1)).float()[:, None]
        places = [0, *(self.place.get(word, 1) for word in words)]
        self.of_known = torch.tensor(places)

    def rows(self, numbers):
        pieces = self.pieces(self.of_pieces[numbers]).sum(1) / self.many[numbers]
        return self.known(self.of_known[numbers]) + pieces

    def forward(self, ids, lost=0.0):
        numbers, back = torch.unique(ids, return_inverse=True)
        there = (ids > 0).float()[..., None]
        rows = self.rows(numbers)[back]
        if lost:
            rows = rows * (torch.rand(ids.shape) > lost).float()[..., None]
        rows = self.dulled(evened(rows)) * there
        for mixing in self.mixing:
            mixed = torch.relu(mixing((evened(rows) * there).transpose(1, 2)))
            rows = (rows + self.dulled(mixed.transpose(1, 2))) * there
        loudest = self.dulled((rows + (there - 1) * 1e4).amax(1))
        heeds = torch.softmax(self.heed(rows) + (there - 1) * 1e4, 1)
        drawn = self.dulled(torch.einsum("btk,btd->bkd", heeds, rows))
        says = self.says.weight.view(HEEDS, 3, WIDE)
        said = torch.einsum("bkd,knd->bn", drawn, says)
        gist = self.gist(torch.cat([drawn.flatten(1), loudest], 1))
        return self.loudest(loudest) + said, gist


def evened(rows):
    return rows * torch.rsqrt(rows.square().mean(-1, keepdim=True) + 1e-5)


def aim_of(level):
    return np.array([level > n for n in range(3)], np.float32)


@dataclass
class Lessons:
    """Messages: those with a label, ordinary ones made of them, all others."""

    said: list
    aims: np.ndarray
    """What is aimed at, by level; nearer to the label in the last rounds."""
    last_aims: np.ndarray
    counts: np.ndarray
    gists: np.ndarray
    """What the teacher thought of it, as a row; not a number where it never saw it."""
    labelled: int
    surely: int
    """Labelled ones and ordinary ones."""


def lessons_of(lexicon, file):
    with np.load(file) as held:
        texts = held["texts"].tobytes().decode().split("\0")
        chances = 1 / (1 + np.exp(-held["said"].astype(np.float32)))
        gists = held["gist"]
    thought = dict(zip(texts, chances, strict=True))
    row_of = {text: row for row, text in enumerate(texts)}
    taught, aims, last_aims = labelled_of(thought)
    made = ordinary(taught, ORDINARY)
    calm = [aim_of(0)] * len(made)
    long = in_a_row(taught, IN_A_ROW)
    words = [each.text for each in taught] + made
    words += [*thought, *(text for text, _ in long)]
    surely = len(taught) + len(made)
    counts = [count_of(each) for each in taught] + [ORDINARY_COUNTS] * len(made)
    counts += [1.0] * (len(words) - surely)
    none = np.full((1, gists.shape[1]), np.nan, np.float16)
    return Lessons(
        [[word.text for word in lexicon.words(text)] or ["."] for text in words],
        np.array(
            aims + calm + [*thought.values()] + [aim_of(level) for _, level in long],
            np.float32,
        ),
        np.array(last_aims + calm, np.float32),
        np.array(counts, np.float32),
        np.concatenate([gists, none])[[row_of.get(text, -1) for text in words]],
        len(taught),
        surely,
    )


def labelled_of(thought):
    """Messages with a label, and what to aim at, at first and at last.

    Takes the teacher's verdicts on them out of `thought`.
    """
    files = [f for f in sorted(CORPORA.glob("*.jsonl")) if "unseen" not in f.name]
    files += [Path(f) for f in sys.argv[2:]]
    taught, aims, last_aims = [], [], []
    for each in messages.read_messages(files):
        own = thought.pop(each.text, None)
        if each.lang not in ("en", "sco") or messages.is_apart(each):
            continue
        right = aim_of(each.level)
        own = right if own is None or messages.is_everyday(each) else own
        aims.append(LABEL * right + (1 - LABEL) * own)
        last_aims.append(LAST_LABEL * right + (1 - LAST_LABEL) * own)
        taught.append(each)
    return taught, aims, last_aims


def teach(net, lessons):
    """Everything; then, for a while, mostly what has a label."""
    ids = [[net.number[word] for word in words[:LONGEST]] for words in lessons.said]
    labelled = range(lessons.labelled)
    order = [*range(len(ids)), *labelled, *labelled]
    _go_through(net, lessons, ids, order * ROUNDS, PACE)
    lessons.aims[: lessons.surely] = lessons.last_aims
    lessons.gists[:] = np.nan
    chance = random.Random(1)  # noqa: S311 - nothing secret
    order = [*range(lessons.surely)] * LAST_ROUNDS
    order += chance.choices(range(lessons.surely, len(ids)), k=len(order))
    _go_through(net, lessons, ids, order, LAST_PACE)


def _go_through(net, lessons, ids, order, pace):
    chance = random.Random(0)  # noqa: S311 - nothing secret
    aims, counts = torch.tensor(lessons.aims), torch.tensor(lessons.counts)
    pieces = [net.known.weight, net.pieces.weight]
    rest = [each for each in net.parameters() if all(each is not p for p in pieces)]
    learner = torch.optim.AdamW(
        [{"params": pieces, "weight_decay": 0.0}, {"params": rest}], weight_decay=0.01
    )
    lengths = [len(ids[at]) for at in order]
    steps = [[order[at] for at in each] for each in batches(lengths, SIZE, chance)]
    for step, batch in enumerate(steps):
        slower = min(1, step / 200) * max(1 - step / len(steps), 0.01)
        for group, own in zip(learner.param_groups, (1.5 * pace, pace), strict=True):
            group["lr"] = own * slower
        said, gist = net(padded([ids[at] for at in batch]), LOST)
        wrong = wrongness(said, aims[batch], reduction="none")
        apart = torch.nan_to_num(gist - torch.tensor(lessons.gists[batch]).float())
        loss = (wrong.mean(1) * counts[batch]).mean() + GIST * apart.square().mean()
        learner.zero_grad()
        loss.backward()
        learner.step()
        if step % 200 == 0:
            sys.stderr.write(f"{step} of {len(steps)}: {loss.item():.3f}\n")


def small(rows):
    """As whole numbers, and what one of them is worth."""
    worth = np.float32(np.quantile(np.abs(rows), 0.9998) / 127)
    return np.clip(np.rint(rows / worth), -127, 127).astype(np.int8), worth


def listener_of(net, words):
    """In the form that runs."""
    net.eval()
    net.learn_words(words)
    with torch.no_grad():
        rows = net.rows(torch.arange(1, len(words) + 1)).numpy()
    rows = np.concatenate([net.known.weight[1:2].detach().numpy(), rows])
    known, of_known = small(rows)
    pieces, of_pieces = small(net.pieces.weight.detach().numpy())
    held = {name: value.numpy() for name, value in net.state_dict().items()}

    layers = []
    for n in range(LAYERS):
        # From (out, in, place) to (place and in, out).
        mixing = held[f"mixing.{n}.weight"].transpose(2, 1, 0).reshape(-1, WIDE)
        added = held[f"mixing.{n}.bias"]
        layers.append(heard.Layer(mixing, added, 2**n))
    return heard.Listener(
        {word: at for at, word in enumerate(words, 1)},
        known,
        pieces,
        np.array([of_known, of_pieces], np.float32),
        layers,
        held["heed.weight"].T,
        held["heed.bias"],
        held["loudest.weight"].T,
        held["says.weight"].T,
        held["loudest.bias"],
    )


def main():
    torch.manual_seed(0)
    lexicon = noticing.load_lexicon(paths.CONVERSATIONS, shelves.sources())
    lessons = lessons_of(lexicon, sys.argv[1])
    said = lessons.said
    counted = Counter(w for words in said[: lessons.labelled] for w in set(words))
    words = sorted(word for word, count in counted.items() if count >= FEW)
    net = Hears(words, lessons.gists.shape[1])
    net.begin_with(meanings(words, WIDE))
    net.learn_words(sorted({word for each in said for word in each}))
    teach(net, lessons)
    sys.stdout.buffer.write(heard.packed(listener_of(net, words)))


if __name__ == "__main__":
    main()
