"""A real worker process on the test's database: `python -m support.engine_worker '{options}'`."""

import json
import sys

import django

django.setup()

from longshore import logs  # noqa: E402 - Django first
from longshore.worker import process  # noqa: E402 - Django first

logs.configure("json")
options = {"concurrency": 4, "dead_after_s": 2.0, "modules": ("support.engine_jobs",)}
sys.exit(process.run(process.WorkerOptions(**{**options, **json.loads(sys.argv[1])})))
