"""What happened long ago is forgotten; what still explains something stays."""

from datetime import timedelta

from longshore.storage.models import Brake, ListingChange, StockEvent, SyncRun
from longshore.storage.repositories.history import forget_old_history
from support.shelf import Shelf


def test_old_history_is_forgotten_and_the_rest_kept(shelf: Shelf, monkeypatch):
    monkeypatch.setattr("longshore.storage.repositories.history.AT_A_TIME", 2)
    row = shelf.product()
    shelf.put_on_sale()
    now, (line,) = shelf.clock.now(), shelf.lines(row)
    own = {"marketplace": shelf.marketplace}
    for days in (100, 99, 95, 91, 89, 1):
        StockEvent.objects.create(
            **own, listing_variant=line, at=now - timedelta(days=days), kind="sale", after=days
        )
    store = {**own, "store": shelf.stores[0], "opened_at": now, "total": 9}
    old = now - timedelta(days=181)
    Brake.objects.create(**store, kind="prices", state="applied", closed_at=old)
    held = Brake.objects.create(**store, kind="prices", state="held")
    recent = Brake.objects.create(**store, kind="vanished", state="ignored", closed_at=now)
    SyncRun.objects.update(finished_at=now - timedelta(days=61))
    young = SyncRun.objects.create(**own, started_at=now, finished_at=now)
    assert ListingChange.objects.exists()
    forget_old_history(now)
    left = StockEvent.objects.filter(kind="sale").values_list("after")
    assert {after for (after,) in left} == {89, 1}
    assert set(Brake.objects.all()) == {held, recent}
    assert list(SyncRun.objects.all()) == [young]
    assert not ListingChange.objects.exists()
    assert forget_old_history(now) == 0
