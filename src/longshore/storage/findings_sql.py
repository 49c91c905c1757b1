"""The order that a finding is about, kept by a trigger in the finding's own row: pages ask for the
orders that need somebody, and would join thousands of findings to find them.
"""

from django.db.migrations import RunSQL

_PLACE = """
CREATE FUNCTION longshore_finding_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject_id bigint := split_part(NEW.subject, ':', 2)::bigint;
BEGIN
    NEW.order_id := CASE split_part(NEW.subject, ':', 1)
        WHEN 'order' THEN (SELECT o.id FROM storage_storefrontorder o
            WHERE o.id = subject_id AND o.marketplace_id = NEW.marketplace_id)
        WHEN 'purchase_order' THEN (SELECT p.order_id FROM storage_purchaseorder p
            WHERE p.id = subject_id AND p.marketplace_id = NEW.marketplace_id)
        ELSE (SELECT p.order_id FROM storage_shipment s
            JOIN storage_purchaseorder p ON p.id = s.purchase_order_id
            WHERE s.id = subject_id AND s.marketplace_id = NEW.marketplace_id)
    END;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_order BEFORE INSERT ON storage_openfinding FOR EACH ROW
    WHEN (NEW.subject ~ '^(order|purchase_order|shipment):[0-9]{1,18}$')
    EXECUTE FUNCTION longshore_finding_order();
"""
_DROP = """
DROP TRIGGER finding_order ON storage_openfinding;
DROP FUNCTION longshore_finding_order();
"""


def operations() -> list[RunSQL]:
    return [RunSQL(_PLACE, _DROP)]
