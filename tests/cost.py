"""What a call costs, whatever else the machine and the process are busy with."""

import gc
import time
from collections.abc import Callable


def fastest(call: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of this thread's own work in the best of so many rounds.

    A process that has run a thousand tests has other threads and a heap that takes
    half a second to collect; neither is a cost of the call.
    """
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            began = time.thread_time()
            call()
            times.append(time.thread_time() - began)
    finally:
        gc.enable()
    return min(times)
