"""What we remember, one noun a file."""

from longshore.storage.models.accounts import ApiReply, ApiToken, Deed, SavedFilter
from longshore.storage.models.carriers import CarrierName
from longshore.storage.models.catalog import Scan, ScanKind, ScanPhase, VendorProduct, VendorVariant
from longshore.storage.models.examinations import (
    Approval,
    Examination,
    ExaminationState,
    ReconnectLink,
)
from longshore.storage.models.findings import OpenFinding
from longshore.storage.models.inbox import Delivery, Hint, HintKind
from longshore.storage.models.letters import LetterChoice
from longshore.storage.models.listings import (
    Listing,
    ListingState,
    ListingVariant,
    NextWrite,
    StockEvent,
    StockWriteIntent,
    VariantSource,
)
from longshore.storage.models.marketplaces import (
    Marketplace,
    Membership,
    OneTimeLink,
    Role,
    SignInLink,
)
from longshore.storage.models.orders import (
    OrderEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    RoutingState,
    Shipment,
    ShipmentLine,
    ShipmentState,
    StorefrontOrder,
    StorefrontOrderLine,
)
from longshore.storage.models.outages import Outage
from longshore.storage.models.publication import (
    BulkRun,
    BulkState,
    ListingChange,
    Outcome,
    SyncRun,
)
from longshore.storage.models.reading import (
    Brake,
    BrakeState,
    HeldChange,
    StoreLoad,
    StoreReading,
    WatchedBecause,
    WatchedProduct,
)
from longshore.storage.models.refunds import OrderRefund, RefundSide
from longshore.storage.models.rules import ImportRule, ListingPolicy, MarkupRule, NameRule
from longshore.storage.models.senders import SenderChoice
from longshore.storage.models.storefront_catalog import ForeignProduct, ForeignVariant
from longshore.storage.models.storefronts import (
    CallBudget,
    LocationLayout,
    Storefront,
    StorefrontState,
)
from longshore.storage.models.tallies import Tally
from longshore.storage.models.trials import TrialOrder
from longshore.storage.models.vendors import IN_USE, Store, StoreState, Vendor, VendorFigures

__all__ = [
    "IN_USE",
    "ApiReply",
    "ApiToken",
    "Approval",
    "Brake",
    "BrakeState",
    "BulkRun",
    "BulkState",
    "CallBudget",
    "CarrierName",
    "Deed",
    "Delivery",
    "Examination",
    "ExaminationState",
    "ForeignProduct",
    "ForeignVariant",
    "HeldChange",
    "Hint",
    "HintKind",
    "ImportRule",
    "LetterChoice",
    "Listing",
    "ListingChange",
    "ListingPolicy",
    "ListingState",
    "ListingVariant",
    "LocationLayout",
    "Marketplace",
    "MarkupRule",
    "Membership",
    "NameRule",
    "NextWrite",
    "OneTimeLink",
    "OpenFinding",
    "OrderEvent",
    "OrderRefund",
    "Outage",
    "Outcome",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "ReconnectLink",
    "RefundSide",
    "Reservation",
    "Role",
    "RoutingState",
    "SavedFilter",
    "Scan",
    "ScanKind",
    "ScanPhase",
    "SenderChoice",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "SignInLink",
    "StockEvent",
    "StockWriteIntent",
    "Store",
    "StoreLoad",
    "StoreReading",
    "StoreState",
    "Storefront",
    "StorefrontOrder",
    "StorefrontOrderLine",
    "StorefrontState",
    "SyncRun",
    "Tally",
    "TrialOrder",
    "VariantSource",
    "Vendor",
    "VendorFigures",
    "VendorProduct",
    "VendorVariant",
    "WatchedBecause",
    "WatchedProduct",
]
