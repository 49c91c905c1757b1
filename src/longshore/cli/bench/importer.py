"""`python -m longshore.cli.bench.importer`: imports the stores whose ids come on standard input,
each whole, and says what it took. A process of its own, so that memory and time are the import's.
"""

import json
import os
import sys
import time

import psutil

from longshore.cli.database import hub


def main() -> None:
    with hub():
        from longshore import wiring
        from longshore.ports.turns import ENDLESS
        from longshore.storage.models import Scan
        from longshore.storage.repositories.catalog import Catalog
        from longshore.sync.import_catalog import import_catalog
        from longshore.worker.shops import store_at_work

        me = psutil.Process()
        for line in sys.stdin:
            store_id = int(line)
            used = me.cpu_times()
            began = time.perf_counter()
            # As a worker does it while no other job waits.
            with store_at_work(store_id) as store:
                import_catalog(store, Catalog(), wiring.clock, store_id=store_id, turn=ENDLESS)
            wall_s = time.perf_counter() - began
            now = me.cpu_times()
            scan = Scan.objects.filter(store_id=store_id).latest("pk")
            said = {
                "wall_s": wall_s,
                "cpu_s": now.user + now.system - used.user - used.system,
                "requests": scan.requests,
                "proven": scan.proven,
                "peak_mb": peak_mb(os.getpid()),
            }
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()


def peak_mb(pid: int) -> float:
    """The most memory a process had at a time (Linux: VmHWM; elsewhere what it has now)."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123 - the kernel's
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return float(psutil.Process(pid).memory_info().rss) / 1024 / 1024


if __name__ == "__main__":
    main()
