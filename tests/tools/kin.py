"""Sort the words of the corpora into kinds.

`python -m tests.tools.kin > tests/corpora/kin.txt`. Words that several messages have,
by what they mean to a small public language model (all-MiniLM-L6-v2, Apache 2.0): a
word and the number of its kind on each line. It is run when corpora grow, needs
sentence-transformers, and is not part of Engage: what runs only looks numbers up.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer
from sklearn.cluster import MiniBatchKMeans

from engage import paths
from engage.core.safeguarding.normalise import STOP
from engage.services import messages, noticing, shelves

CORPORA = Path(__file__).parents[1] / "corpora"
SEVERAL = 3
KINDS = 900
MODEL = os.environ.get("KIN_MODEL", "sentence-transformers/all-MiniLM-L6-v2")


def counted() -> Counter:
    lexicon = noticing.load_lexicon(paths.CONVERSATIONS, shelves.sources())
    found = Counter()
    files = [f for f in sorted(CORPORA.glob("*.jsonl")) if "unseen" not in f.name]
    for each in messages.read_messages(files):
        found.update({word.text for word in lexicon.words(each.text)} - {STOP})
    return found


def sorted_into(many, meanings, weights):
    judge = MiniBatchKMeans(
        many, random_state=0, n_init=1, batch_size=4096, max_iter=60
    )
    return judge.fit(meanings, sample_weight=weights).labels_


def main():
    found = counted()
    words = sorted(word for word, count in found.items() if count >= SEVERAL)
    weights = np.sqrt([found[word] for word in words])
    meanings = SentenceTransformer(MODEL, device="cpu").encode(words, batch_size=256)
    meanings = meanings - np.average(meanings, axis=0, weights=weights)
    meanings /= np.linalg.norm(meanings, axis=1, keepdims=True) + 1e-9
    kinds = sorted_into(KINDS, meanings, weights)
    for word, kind in zip(words, kinds, strict=True):
        sys.stdout.write(f"{word} {kind + 1}\n")


if __name__ == "__main__":
    main()
