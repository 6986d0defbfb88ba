"""Conversations with children and young people in joint inspections."""

import os

# Before numpy comes: for one message, threads would cost more than they do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
