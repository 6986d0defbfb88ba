"""What single words mean to a small public language model (all-MiniLM-L6-v2)."""

import os

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

MODEL = os.environ.get("TEACHER_MODEL", "sentence-transformers/all-MiniLM-L6-v2")
_AT_ONCE, _LONGEST = 512, 16


def meanings(words, wide):
    """By word, in the `wide` directions in which they differ most; 1 on average."""
    tokens, model = (
        AutoTokenizer.from_pretrained(MODEL),
        AutoModel.from_pretrained(MODEL),
    )
    found = []
    with torch.no_grad():
        for start in range(0, len(words), _AT_ONCE):
            some = tokens(
                words[start : start + _AT_ONCE],
                return_tensors="pt",
                padding=True,
                truncation=True,
                max_length=_LONGEST,
            )
            there = some["attention_mask"][..., None].float()
            rows = model(**some).last_hidden_state
            found.append(((rows * there).sum(1) / there.sum(1)).numpy())
    held = np.concatenate(found)
    held -= held.mean(0)
    _, ways = np.linalg.eigh(np.cov(held, rowvar=False))
    held = held @ ways[:, ::-1][:, :wide]
    return held / held.std()
