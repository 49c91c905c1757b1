"""A list of many choices is the same to a browser as Django's."""

import pytest
from django import forms
from django.test.html import parse_html

from longshore.web.shared.long_select import LongSelect

CHOICES = [("", "every vendor"), ("1", "Linden & Loom"), ("2", '"><script>alert(1)</script>')]


@pytest.mark.parametrize("value", [None, "", 1, "2", "nobody"])
def test_it_is_drawn_as_django_draws_it(value: object) -> None:
    attrs = {"id": "id_vendor", "required": True, "placeholder": False, "aria-invalid": "true"}
    ours = LongSelect(choices=CHOICES).render("vendor_id", value, attrs)
    theirs = forms.Select(choices=CHOICES).render("vendor_id", value, attrs)
    assert parse_html(ours) == parse_html(theirs)
    assert "<script" not in ours
