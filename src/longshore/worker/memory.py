"""How a worker keeps its memory small: few heaps, whatever the number of its threads."""

import ctypes
import sys

_M_ARENA_MAX = -8
"""mallopt(3), <malloc.h> of the GNU C library."""
ARENAS = 2


def share_heaps() -> bool:
    """Lets all threads share two heaps; returns whether this C library can do that. The GNU
    library gives each thread a heap of its own, up to eight for each core, and a page of products
    that one thread has read leaves a hole in it that no other fills: about 5 MB in a worker of
    eight threads. Call it before threads start.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return bool(mallopt and mallopt(_M_ARENA_MAX, ARENAS))
