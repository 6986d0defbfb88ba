"""What the limits are about, measured: `python -m tests.bench.weight` and so on."""
