"""The door for WSGI servers: `longshore web` uses granian, any other works as well."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from longshore import logs, settings
from longshore.storage.postgres import ensure_running

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
    return _pages(environ, start_response)
