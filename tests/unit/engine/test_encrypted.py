import pickle
from dataclasses import replace

import pytest

from longshore import settings
from longshore.storage.encrypted import Sealed, SealedError, _Token
from longshore.storage.models import Store

SECRET = "cs_fake0123456789"


def test_a_secret_opens_only_where_it_was_sealed() -> None:
    sealed = Sealed.seal(SECRET, "store.consumer_secret:1")
    assert sealed.reveal() == SECRET
    moved = Sealed(sealed._token, "store.consumer_secret:2")
    with pytest.raises(SealedError, match="another row"):
        moved.reveal()


def test_changed_bytes_do_not_open() -> None:
    sealed = Sealed.seal(SECRET, "a")
    changed = Sealed(sealed._token[:-4] + "AAAA", "a")
    with pytest.raises(SealedError, match="does not open"):
        changed.reveal()


def test_a_secret_never_shows_itself() -> None:
    sealed = Sealed.seal(SECRET, "a")
    assert SECRET not in f"{sealed} {sealed!r} {sealed._token}"
    with pytest.raises(TypeError):
        pickle.dumps(sealed)


def test_empty_stays_empty() -> None:
    assert not Sealed.seal("", "a")
    assert Sealed.seal("", "a").reveal() == ""


def test_an_older_key_still_opens_and_a_missing_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = "o" * 40, "n" * 40
    env = settings.load()

    def use(*keys: str) -> None:
        monkeypatch.setattr(settings, "load", lambda: replace(env, secret_keys=keys))

    use(old)
    sealed = Sealed.seal(SECRET, "a")
    use(new, old)
    assert sealed.reveal() == SECRET
    use(new)
    with pytest.raises(SealedError, match="LONGSHORE_SECRET_KEY"):
        sealed.reveal()


def test_a_row_hands_out_sealed_secrets_even_before_it_is_saved() -> None:
    row = Store(consumer_secret=SECRET)
    assert isinstance(row.consumer_secret, Sealed)
    assert row.consumer_secret.reveal() == SECRET
    assert SECRET not in repr(row.__dict__)


def test_text_that_looks_like_ciphertext_is_sealed_like_any_other() -> None:
    token = Sealed.seal(SECRET, "elsewhere")._token
    row = Store(consumer_secret=token)
    assert row.consumer_secret.reveal() == token


def test_another_rows_secret_is_not_taken_over() -> None:
    one, other = Store(consumer_secret=SECRET), Store()
    other.consumer_secret = one.consumer_secret
    field = Store._meta.get_field("consumer_secret")
    with pytest.raises(SealedError, match="another row"):
        field.pre_save(other, add=False)


def test_only_ciphertext_reaches_the_database() -> None:
    field = Store._meta.get_field("consumer_secret")
    row = Store(consumer_secret=SECRET)
    stored = field.get_prep_value(field.pre_save(row, add=True))
    assert SECRET not in stored
    with pytest.raises(TypeError, match="cannot be searched"):
        field.get_prep_value(SECRET)
    assert isinstance(field.from_db_value(stored), _Token)
