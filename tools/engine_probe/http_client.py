"""How many small requests a second go through the guarded client, beside the client it wraps."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import httpx2

from longshore.stores.http import GuardedClient

REQUESTS = 1500
ROUNDS = 3


def measure(address: str) -> dict[str, float]:
    """Medians of interleaved rounds, against `/fast` of the stub."""
    url = f"{address}/fast"
    figures: dict[str, list[float]] = {}
    with (
        GuardedClient(allow_nets=[ip_network("127.0.0.0/8")]) as guarded,
        httpx2.Client(trust_env=False) as plain,
    ):
        calls: dict[str, Callable[[], object]] = {
            "guarded": lambda: guarded.request("GET", url),
            "plain": lambda: plain.get(url),
        }
        for _ in range(ROUNDS):
            for threads in (1, 16):
                for name, call in calls.items():
                    per_s, cpu_ms = _round(call, threads)
                    figures.setdefault(f"{name}_{threads}_threads_per_s", []).append(per_s)
                    figures.setdefault(f"{name}_{threads}_threads_cpu_ms", []).append(cpu_ms)
    return {name: round(statistics.median(values), 3) for name, values in figures.items()}


def _round(call: Callable[[], object], threads: int) -> tuple[float, float]:
    call()
    cpu, wall = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(call) for _ in range(REQUESTS)]:
            done.result()
    seconds = time.perf_counter() - wall
    return REQUESTS / seconds, (time.process_time() - cpu) * 1000 / REQUESTS
