"""The door for WSGI servers: `longshore web` uses granian, any other works as well."""

import os

from django.core.wsgi import get_wsgi_application

from longshore import logs, settings
from longshore.storage.postgres import ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longshore.django_settings")
_env = settings.load()
logs.configure(_env.log_format)
ensure_running(_env)
application = get_wsgi_application()
