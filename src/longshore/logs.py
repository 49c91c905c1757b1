"""What we write about ourselves: one structured line an event, without secrets and persons."""

import logging
import logging.config
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]
HIDDEN = "<hidden>"

_SECRET_NAMES = re.compile(
    r"(?i)(secret|token|password|authorization|api_?key|consumer_key|cookie|signature|hmac)"
)
_SECRET_TEXTS = re.compile(
    r"(?ix)"
    r"(?: \b(?:ck|cs)_[0-9a-z]{8,} | \bshp[a-z]{2}_[0-9a-z]{8,}"  # WooCommerce and Shopify keys
    r" | (?<=basic\s)[a-z0-9+/=]{8,} | (?<=bearer\s)[\w.~+/=-]{8,}"
    r" | (?<=://)[^\s/@:]+:[^\s/@]+(?=@)"  # user:password in an address
    r" | (?<=oauth_signature=)[^&\s]+ | (?<=consumer_secret=)[^&\s]+"
    r" | (?<=consumer_key=)[^&\s]+ )"
)
_PERSONAL_TEXTS = re.compile(
    r"(?xs) [\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # addresses for mail
    # PostgreSQL writes the row it could not take into its message.
    r" | (?:(?<=DETAIL:\s\s)|(?<=CONTEXT:\s\s)) (?:(?!\n(?:\n|[A-Z]+:)).)+"
)


def redact_text(text: str) -> str:
    """Leaves out what looks like a key or names a person, wherever it stands."""
    return _PERSONAL_TEXTS.sub(HIDDEN, _SECRET_TEXTS.sub(HIDDEN, text))


def redact(_logger: object, _method: str, event: Event) -> Event:
    """The processor every line passes before it is rendered."""
    return {name: _clean(name, value) for name, value in event.items()}


def configure(log_format: str, *, also_redact: Callable[[str], str] | None = None) -> None:
    """Sends our lines and those of libraries to stderr, `json` or for people. `also_redact` is
    applied to every text, for those who know more about secrets than this module.
    """
    cleaners: list[Any] = [redact]
    if also_redact:
        cleaners.append(_texts(also_redact))
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        *cleaners,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Procrastinate logs every start and end of a job; ours is one line an end.
    worker = logging.getLogger("procrastinate.worker")
    worker.filters = [lambda record: not str(getattr(record, "action", "")).startswith("job_")]
    for talker in ("procrastinate", "httpx2", "fontTools"):  # a packing slip would fill a page
        logging.getLogger(talker).setLevel(logging.WARNING)


def _renderer(log_format: str) -> Any:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _texts(change: Callable[[str], str]) -> Callable[[object, str, Event], Event]:
    def processor(_logger: object, _method: str, event: Event) -> Event:
        return {
            name: change(value) if isinstance(value, str) else value
            for name, value in event.items()
        }

    return processor


def _clean(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return HIDDEN if name != "event" and _SECRET_NAMES.search(name) else redact_text(value)
    if isinstance(value, dict):
        return {key: _clean(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(name, inner) for inner in value]
    return value
