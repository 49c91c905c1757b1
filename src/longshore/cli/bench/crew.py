"""`python -m longshore.cli.bench.crew N`: real workers that can be killed often. They are forked
from a process that has everything loaded, so a new one is there at once. A line on standard input
names those to be killed with SIGKILL, "0 2"; the answer names how many were. One that ended by
itself, as a worker does that was held up for so long that others took it for dead, is begun anew,
as `longshore up` does.
"""

import os
import select
import signal
import sys

from longshore.cli.database import hub

CONCURRENCY = 6
LOOK_EVERY_S = 0.5


def main() -> None:
    with hub() as env:
        from django.db import connections
        from procrastinate.utils import import_all

        from longshore.worker import process

        import_all(process.JOB_MODULES)
        connections.close_all()
        options = process.WorkerOptions(CONCURRENCY, env.dead_worker_after_s)
        crew = [_fork(options) for _ in range(int(sys.argv[1]))]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while line := _next_line(crew, options):
            chosen = [int(word) for word in line.split()]
            for place in chosen:
                os.kill(crew[place], signal.SIGKILL)
            for place in chosen:
                os.waitpid(crew[place], 0)
            sys.stdout.write(f"{len(chosen)}\n")
            sys.stdout.flush()
            for place in chosen:
                crew[place] = _fork(options)
        for pid in crew:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _next_line(crew: list[int], options: "object") -> str:
    """Waits for it with an eye on the crew; empty at the end."""
    while not select.select([sys.stdin], [], [], LOOK_EVERY_S)[0]:
        for place, pid in enumerate(crew):
            if os.waitpid(pid, os.WNOHANG)[0]:
                crew[place] = _fork(options)
    return sys.stdin.readline()


def _fork(options: "object") -> int:
    from longshore.worker import process

    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.close(0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = process.run(options)  # type: ignore[arg-type]
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
