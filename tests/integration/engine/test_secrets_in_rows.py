from dataclasses import replace

import pytest
from django.db import connection

from longshore import settings
from longshore.storage.encrypted import SealedError, reseal_all
from longshore.storage.models import Marketplace, Store, Vendor

pytestmark = pytest.mark.django_db
SECRET = "cs_fake0123456789"
OLD, NEW = "fake-old-key-0123456789-0123456789-ab", "fake-new-key-0123456789-0123456789-ab"


@pytest.fixture
def stores() -> tuple[Store, Store]:
    marketplace = Marketplace.objects.create(name="Fake market")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Fake vendor")
    first, second = (
        Store.objects.create(
            marketplace=marketplace,
            vendor=vendor,
            base_url=f"https://shop{number}.example",
            consumer_secret=f"{SECRET}-{number}",
        )
        for number in (1, 2)
    )
    return first, second


def column(row: Store) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT consumer_secret FROM storage_store WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_ciphertext_and_the_row_opens_it(stores: tuple[Store, Store]) -> None:
    assert SECRET not in column(stores[0])
    assert Store.objects.get(pk=stores[0].pk).consumer_secret.reveal() == f"{SECRET}-1"


def test_ciphertext_moved_to_another_row_does_not_open(stores: tuple[Store, Store]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE storage_store SET consumer_secret = %s WHERE id = %s",
            [column(stores[0]), stores[1].pk],
        )
    with pytest.raises(SealedError, match="another row"):
        Store.objects.get(pk=stores[1].pk).consumer_secret.reveal()


def test_secrets_cannot_be_searched_or_written_past_the_row(stores: tuple[Store, Store]) -> None:
    with pytest.raises(TypeError, match="cannot be searched"):
        Store.objects.filter(consumer_secret=SECRET).exists()
    with pytest.raises(TypeError, match="cannot be searched"):
        Store.objects.update(consumer_secret=SECRET)


def test_saving_another_column_keeps_the_secret(stores: tuple[Store, Store]) -> None:
    row = Store.objects.defer("consumer_secret").get(pk=stores[0].pk)
    row.name = "Renamed"
    row.save(update_fields=["name"])
    assert Store.objects.get(pk=row.pk).consumer_secret.reveal() == f"{SECRET}-1"


def test_after_resealing_the_old_key_is_not_needed(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    env = settings.load()

    def use(*keys: str) -> None:
        monkeypatch.setattr(settings, "load", lambda: replace(env, secret_keys=keys))

    use(NEW, *env.secret_keys)
    assert reseal_all() >= 2
    use(NEW)
    assert Store.objects.get(pk=stores[1].pk).consumer_secret.reveal() == f"{SECRET}-2"
    use(OLD)
    with pytest.raises(SealedError, match="LONGSHORE_SECRET_KEY"):
        Store.objects.get(pk=stores[1].pk).consumer_secret.reveal()
