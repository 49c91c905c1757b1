"""What approving everything that waits would do, in one exact sentence."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longshore.storage.queries.review import ReviewPreview
from longshore.web.templatetags.longshore import number


def sentence(found: ReviewPreview) -> SafeString:
    words = (
        (ngettext("create %(n)s product", "create %(n)s products", found.create), found.create),
        (ngettext("update %(n)s", "update %(n)s", found.update), found.update),
        (ngettext("skip %(n)s", "skip %(n)s", found.skip), found.skip),
    )
    told = [(text % {"n": number(count)},) for text, count in words if count]
    return format_html(
        _("Approving all that wait will {}."), format_html_join(", ", "<b>{}</b>", told)
    )


def why_skipped(found: ReviewPreview) -> str:
    words = (
        (ngettext("%(n)s seems to be on Shopify already", "%(n)s seem to be on Shopify already",
                  found.to_link), found.to_link),
        (ngettext("%(n)s has a problem", "%(n)s have a problem", found.problems), found.problems),
    )  # fmt: skip
    return ", ".join(text % {"n": number(count)} for text, count in words if count)
