"""Teach a large model to judge messages, and write down what it thinks of each.

`python -m tests.tools.teacher VERDICTS [--mixed N] [--from OLDER] [--keep MODEL]`. A
small public language model (all-MiniLM-L6-v2, Apache 2.0; with torch and transformers;
`TEACHER_MODEL` names its folder) learns from the messages in English and Scots of the
corpora, but for the writers in `messages.is_apart`: what learned from them may not be
tried on them. Its verdicts, on the same messages and on mixtures of them, are what the
listener learns from (`tests.tools.listener`). An hour or two; it is far too slow to run
in a talk, and is no part of Engage.
"""

import argparse
import random
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as wrongness
from transformers import AutoModel, AutoTokenizer

from engage import paths
from engage.core.safeguarding.learned import unpacked
from engage.services import messages, noticing
from tests.tools.batching import batches, count_of, padded
from tests.tools.meanings import MODEL
from tests.tools.mixtures import Mixer

CORPORA = Path(__file__).parents[1] / "corpora"
ROUNDS, SIZE, LONGEST = 3, 64, 96
PACE, OWN_PACE, WARM = 1.5e-4, 1e-3, 100
GIST, SAMPLE = 128, 50_000


class Teacher(torch.nn.Module):
    """The public model, and from the mean and the loudest of its rows the levels."""

    def __init__(self):
        super().__init__()
        self.tokens = AutoTokenizer.from_pretrained(MODEL)
        self.reads = AutoModel.from_pretrained(MODEL)
        self.says = torch.nn.Linear(2 * self.reads.config.hidden_size, 3)

    def forward(self, ids):
        there = ids > 0
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = self.reads(input_ids=ids, attention_mask=there.long())
        rows, there = read.last_hidden_state.float(), there.float()[..., None]
        mean = (rows * there).sum(1) / there.sum(1)
        loudest = (rows + (there - 1) * 1e4).amax(1)
        thought = torch.cat([mean, loudest], 1)
        return self.says(thought), thought

    def numbers(self, text):
        return self.tokens(text, truncation=True, max_length=LONGEST)["input_ids"]


def teach(teacher, taught, rounds):
    chance = random.Random(0)  # noqa: S311 - nothing secret
    rows = [teacher.numbers(each.text) for each in taught]
    levels = torch.tensor([each.level for each in taught])
    right = torch.stack([(levels > n).float() for n in range(3)], 1)
    counts = torch.tensor([count_of(each) for each in taught])
    learner = torch.optim.AdamW(
        [{"params": teacher.reads.parameters()}, {"params": teacher.says.parameters()}],
        weight_decay=0.01,
    )
    lengths = [len(row) for row in rows]
    steps = [batch for _ in range(rounds) for batch in batches(lengths, SIZE, chance)]
    teacher.train()
    for step, batch in enumerate(steps):
        slower = min(1, step / WARM) * (1 - step / len(steps))
        for group, pace in zip(learner.param_groups, (PACE, OWN_PACE), strict=True):
            group["lr"] = pace * slower + 1e-7
        said, _ = teacher(padded([rows[at] for at in batch]))
        wrong = wrongness(said, right[batch], reduction="none")
        loss = (wrong.mean(1) * counts[batch]).mean()
        learner.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
        learner.step()
        if step % 100 == 0:
            sys.stderr.write(f"{step} of {len(steps)}: {loss.item():.3f}\n")


def verdicts(teacher, texts):
    """By text and level, as log-odds; and, by text, the row they were read from."""
    rows = [teacher.numbers(text) for text in texts]
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    said = np.zeros((len(rows), 3), np.float16)
    thought = np.zeros((len(rows), teacher.says.in_features), np.float16)
    teacher.eval()
    with torch.no_grad():
        for start in range(0, len(order), 128):
            near = order[start : start + 128]
            levels, row = teacher(padded([rows[at] for at in near]))
            said[near], thought[near] = levels.numpy(), row.numpy()
    return said, thought


def gist_of(thought):
    """Its directions in which messages differ most: (messages, `GIST`)."""
    some = thought[:: max(1, len(thought) // SAMPLE)].astype(np.float32)
    middle = some.mean(0)
    weights, ways = np.linalg.eigh(np.cov(some - middle, rowvar=False))
    ways = ways[:, ::-1][:, :GIST] / np.sqrt(weights[::-1][:GIST].mean())
    gist = np.zeros((len(thought), GIST), np.float16)
    for start in range(0, len(thought), SAMPLE):
        part = thought[start : start + SAMPLE].astype(np.float32)
        gist[start : start + SAMPLE] = (part - middle) @ ways
    return gist


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("verdicts", type=Path)
    asked.add_argument("--mixed", type=int, default=1_100_000)
    asked.add_argument("--from", dest="older", type=Path)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--keep", type=Path)
    asked.add_argument("corpora", nargs="*", type=Path)
    asked = asked.parse_args()
    torch.manual_seed(0)
    files = asked.corpora or sorted(CORPORA.glob("*.jsonl"))
    read = messages.read_messages(f for f in files if "unseen" not in f.name)
    english = [each for each in read if each.lang in ("en", "sco")]
    taught = [each for each in english if not messages.is_apart(each)]
    teacher = Teacher()
    if asked.older:
        teacher.load_state_dict(torch.load(asked.older))
    if asked.rounds:
        teach(teacher, taught, asked.rounds)
    if asked.keep:
        torch.save(teacher.state_dict(), asked.keep)
    kin = unpacked((paths.CONVERSATIONS / noticing.LEARNED).read_bytes()).kin
    texts = [each.text for each in taught] + Mixer(taught, kin).made(asked.mixed)
    texts = list(dict.fromkeys(texts))
    said, thought = verdicts(teacher, texts)
    lines = np.frombuffer("\0".join(texts).encode(), np.uint8)
    np.savez(asked.verdicts, texts=lines, said=said, gist=gist_of(thought))


if __name__ == "__main__":
    main()
