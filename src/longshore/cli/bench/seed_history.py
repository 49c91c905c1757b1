"""What happened in the benches' large marketplace: deeds, runs, visits of the doctor, held changes,
rules, the load of each shop, orders that are late. Rows as in `seed_rows`.
"""

# ruff: noqa: S608 - SQL of our own
from collections.abc import Sequence

from longshore.cli.bench.seed_rows import Step
from longshore.storage import models as rows

DEEDS = 100_000
RUNS = 400
LARGEST_RUN = 5_000
RULES = 40
LATE = 3_000

_STEP_OF_THE_DOCTOR = (
    "jsonb_build_array(jsonb_build_object('name', 'address', 'code', '', 'evidence',"
    " '{}'::jsonb, 'seconds', 0.4), jsonb_build_object('name', 'key', 'code', '', 'evidence',"
    " '{}'::jsonb, 'seconds', 0.9))"
)
_PEOPLE: Sequence[Step] = (
    (
        rows.Deed,
        f"generate_series(1, {DEEDS}) AS n",
        {
            "at": f"%(at)s - ({DEEDS} - n) * interval '5 minutes'",
            "who": "'person' || n %% 7 || '@bench.example'",
            "vendor_id": "CASE WHEN n %% 3 = 0 THEN 1 + n %% %(vendors)s END",
            "subject": "'vendor:' || 1 + n %% %(vendors)s",
            "kind": "(array['vendor_changed','listings_approved','order_sent'])[1 + n %% 3]",
            "about": "'Vendor ' || n %% %(vendors)s",
            "before": "jsonb_build_object('buffer', n %% 5)",
            "after": "jsonb_build_object('buffer', 1 + n %% 5)",
        },
    ),
    (
        rows.ApiToken,
        "generate_series(1, 30) AS n",
        {
            "name": "'Program ' || n",
            "begin": "'lsk_' || lpad(n::text, 6, '0')",
            "digest": "md5(n::text) || md5('k' || n)",
            "scopes": "'[\"orders:read\"]'::jsonb",
            "created_at": "%(at)s",
        },
    ),
)
_RULES: Sequence[Step] = (
    (
        rows.ImportRule,
        f"generate_series(1, {RULES}) AS n",
        {
            "position": "n",
            "subject": "'category'",
            "comparison": "'is'",
            "value": "'Gift cards ' || n",
        },
    ),
    (
        rows.NameRule,
        f"generate_series(1, {RULES}) AS n",
        {"position": "n", "kind": "'category'", "source": "'Mugs ' || n", "target": "'Cups'"},
    ),
    (
        rows.MarkupRule,
        f"generate_series(1, {RULES}) AS n",
        {"position": "n", "category": "'Cups ' || n", "amount": "n"},
    ),
)
_SHOPS: Sequence[Step] = (
    (
        rows.StoreReading,
        "storage_store s",
        {
            "store_id": "s.id",
            "poll_due_at": "%(at)s + interval '1 minute'",
            "hot_due_at": "%(at)s + interval '1 minute'",
            "sweep_due_at": "%(at)s + interval '20 minutes'",
            "poll_every_s": "120",
            "sweep_every_s": "3600",
            "products": "334",
            "variations": "1002",
        },
    ),
    (
        rows.StoreLoad,
        "storage_store s, generate_series(0, 47) AS n",
        {
            "store_id": "s.id",
            "hour": "date_trunc('hour', %(at)s::timestamptz) - n * interval '1 hour'",
            "requests": "40 + n",
            "jobs": "12",
            "seconds": "30",
        },
    ),
    (
        rows.Outage,
        "storage_store s, generate_series(1, 3) AS n",
        {
            "store_id": "s.id",
            "began_at": "%(at)s - n * interval '9 days'",
            "ended_at": "%(at)s - n * interval '9 days' + interval '2 hours'",
            "told_at": "%(at)s - n * interval '9 days' + interval '3 hours'",
        },
    ),
    (
        rows.Examination,
        "storage_store s, generate_series(1, 3) AS n",
        {
            "vendor_id": "s.vendor_id",
            "store_id": "s.id",
            "address": "s.base_url",
            "state": "'done'",
            "outcome": "'connected'",
            "verdict": "'connected'",
            "steps": _STEP_OF_THE_DOCTOR,
            "requests": "13",
            "seconds": "3.2",
            "asked_at": "%(at)s - n * interval '9 days'",
            "ended_at": "%(at)s - n * interval '9 days' + interval '4 seconds'",
        },
    ),
)
_HELD: Sequence[Step] = (
    (
        rows.Brake,
        "(SELECT id FROM storage_store ORDER BY id LIMIT 20) s",
        {
            "store_id": "s.id",
            "kind": "'prices'",
            "count": "1000",
            "total": "1002",
            "lane": "'poll'",
            "opened_at": "%(at)s - interval '12 minutes'",
        },
    ),
    (
        rows.HeldChange,
        "storage_brake b JOIN storage_vendorvariant v ON v.store_id = b.store_id",
        {
            "brake_id": "b.id",
            "store_id": "b.store_id",
            "kind": "'prices'",
            "product_id": "v.product_id_in_store",
            "variant_id": "v.id",
            "was": "jsonb_build_object('regular_price', '21.00', 'sale_price', NULL)",
            "says": "jsonb_build_object('regular_price', '2.10', 'sale_price', NULL)",
            "requested_at": "%(at)s - interval '12 minutes'",
        },
    ),
)
_RUNS: Sequence[Step] = (
    (
        rows.SyncRun,
        f"generate_series(1, {RUNS}) AS n",
        {
            "counts": "jsonb_build_object('changed', 25)",
            "started_at": f"%(at)s - ({RUNS} - n) * interval '1 hour'",
            "finished_at": f"%(at)s - ({RUNS} - n) * interval '1 hour' + interval '1 minute'",
        },
    ),
    (
        rows.ListingChange,
        (
            "(SELECT id, row_number() OVER (ORDER BY id) AS n FROM storage_listing"
            f" ORDER BY id LIMIT {LARGEST_RUN} + 20 * {RUNS}) l"
        ),
        {
            "run_id": (
                f"CASE WHEN l.n <= {LARGEST_RUN} THEN (SELECT max(id) FROM storage_syncrun)"
                f" ELSE (SELECT min(id) FROM storage_syncrun) + l.n %% {RUNS - 1} END"
            ),
            "listing_id": "l.id",
            "step": "'content'",
            "before": "jsonb_build_object('product', jsonb_build_object('title', 'Mug'))",
            "after": "jsonb_build_object('product', jsonb_build_object('title', 'Cup'))",
            "outcome": "'done'",
            "at": "%(at)s - interval '1 hour'",
        },
    ),
)
_LATE: Sequence[Step] = (
    (
        rows.OpenFinding,
        (
            "(SELECT p.id, p.vendor_id FROM storage_purchaseorder p WHERE p.shipped_at IS NULL"
            f" AND p.state = 'accepted' ORDER BY p.id LIMIT {LATE}) t"
        ),
        {
            "vendor_id": "t.vendor_id",
            "subject": "'purchase_order:' || t.id",
            "code": "'late_to_ship'",
            "severity": "'warning'",
            "who": "'vendor'",
            "evidence": "jsonb_build_object('order', '#' || t.id, 'vendor', 'V', 'days', 3)",
            "first_seen_at": "%(at)s - interval '2 days'",
            "last_seen_at": "%(at)s",
        },
    ),
)
STEPS: Sequence[Step] = (*_PEOPLE, *_RULES, *_SHOPS, *_HELD, *_RUNS, *_LATE)
