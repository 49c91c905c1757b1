"""The door for WSGI servers: `longshore web` uses granian, any other works as well."""

import os
from collections.abc import Iterable
from typing import Any

import structlog
from django.core.wsgi import get_wsgi_application

from longshore import logs, settings
from longshore.storage.postgres import ensure_running

log = structlog.get_logger(__name__)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longshore.django_settings")
_env = settings.load()
logs.configure(_env.log_format)
ensure_running(_env)
_pages = get_wsgi_application()

from longshore.web.hooks import app as hooks  # noqa: E402 - its models need Django set up


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Webhooks go past Django's middleware, everything else through it."""
    if environ.get("PATH_INFO", "").startswith(hooks.PREFIX):
        return hooks.application(environ, start_response)
    try:
        return _pages(environ, start_response)
    except Exception:
        # Django answers and logs what its views raise; this is what breaks around them, and the
        # server below would answer 500 without a word.
        log.exception("request_failed", path=environ.get("PATH_INFO", ""))
        body = b"Something broke on our side. It was written to the log.\n"
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        start_response("500 Internal Server Error", headers)
        return [body]
