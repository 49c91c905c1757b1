import pytest
from django.test import Client
from django.urls import reverse

from longshore.web.guide.eras import ERAS


@pytest.mark.parametrize("era", [era.slug for era in ERAS])
def test_the_guide_is_open_to_everybody_and_asks_the_database_nothing(era: str):
    answer = Client().get(reverse("guide_keys", args=[era]))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<svg") >= page.count("<figure>") == len(ERAS_BY[era].steps)
    assert page.count('role="img" aria-label="') >= len(ERAS_BY[era].steps)


ERAS_BY = {era.slug: era for era in ERAS}


def test_the_newest_comes_without_a_choice():
    assert "REST API" in Client().get("/guide/keys/").content.decode()


def test_an_unknown_version_is_not_found():
    assert Client().get("/guide/keys/1-0/").status_code == 404


def test_only_a_key_that_is_shown_again_is_not_called_shown_once():
    once = [era.slug for era in ERAS if b"one time only" in page_of(era.slug)]
    assert once == ["today", "2-4"]


def page_of(era: str) -> bytes:
    return Client().get(reverse("guide_keys", args=[era])).content
