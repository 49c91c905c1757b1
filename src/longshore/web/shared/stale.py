"""Two people, one form: whoever saves an old page is told what changed meanwhile, and nothing is
overwritten unseen.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from longshore.web.shared.deed_words import said

FIELD = "seen"


def mark(values: Mapping[str, Any]) -> str:
    """What a form was drawn from, as a short text for a hidden field."""
    text = json.dumps({name: str(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_stale(form: Form, now: Mapping[str, Any]) -> bool:
    """Whether the values are others than when the page was drawn; then the form says which are
    different from what was typed. Saving once more, from the new page, is a decision.
    """
    seen = form.data.get(FIELD, "")
    if not seen or seen == mark(now):
        return False
    form.add_error(
        None, _("Somebody changed these settings while your page was open. Nothing was saved.")
    )
    for name, value in now.items():
        if name in form.cleaned_data and form.cleaned_data[name] != value:
            form.add_error(name, _("Now it is: %(value)s.") % {"value": said(value)})
    return True
