"""One worker for the probe: `python -m tools.engine_probe.worker CONCURRENCY DEAD_AFTER_S`."""

import sys

import django

django.setup()

from longshore import logs  # noqa: E402 - Django first
from longshore.worker import process  # noqa: E402 - Django first

logs.configure("json")
sys.exit(
    process.run(
        process.WorkerOptions(
            concurrency=int(sys.argv[1]),
            dead_after_s=float(sys.argv[2]),
            modules=("tools.engine_probe.jobs",),
        )
    )
)
