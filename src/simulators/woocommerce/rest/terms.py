"""Routes of categories, tags, brands, shipping classes, attributes and their terms."""

from simulators.woocommerce.jsonish import Json, as_int, as_text, truth
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.languages import hides_terms
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import CHOICE, CONTEXT, FORCE, PAGE
from simulators.woocommerce.rest.requests import Answer, Request, page_of, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.terms import Term
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.wire.common import choose, links
from simulators.woocommerce.wire.generations import WC_V3, Generation

TAXONOMIES = ("categories", "tags", "brands", "shipping_classes")
BODY: Params = {
    "name": Param(),
    "slug": Param(),
    "parent": Param("integer"),
    "description": Param(),
}
LIST: Params = {
    **PAGE,
    **CHOICE,
    "order": Param(default="asc", enum=("asc", "desc")),
    "orderby": Param(
        default="name",
        enum=("id", "include", "name", "slug", "term_group", "description", "count"),
    ),
    "hide_empty": Param("boolean", default=False),
    "parent": Param("integer"),
    "product": Param("integer"),
    "slug": Param(),
}
ID: Params = {"id": Param("integer")}


def routes(_: Shop, generation: Generation = WC_V3) -> list[Route]:
    base = f"/{generation.namespace}/products"
    found: list[Route] = []
    for taxonomy in TAXONOMIES:
        found += _routes_of(f"{base}/{taxonomy}")
    attributes = f"{base}/attributes"
    found.append(Route(attributes, (Endpoint(READ, all_attributes, needs("view")),
                                    Endpoint(WRITE, create, needs("create"), BODY))))  # fmt: skip
    one = Endpoint(READ, get, needs("view_one"), {**ID, "context": CONTEXT})
    found.append(Route(attributes + r"/(?P<id>[\d]+)", (one,)))
    return found + _routes_of(attributes + r"/(?P<attribute_id>[\d]+)/terms")


def _routes_of(base: str) -> list[Route]:
    return [
        Route(
            base,
            (
                Endpoint(READ, page, needs("view"), LIST),
                Endpoint(WRITE, create, needs("create"), {**BODY, "name": Param(required=True)}),
            ),
        ),
        Route(
            base + r"/(?P<id>[\d]+)",
            (
                Endpoint(READ, get, needs("view_one"), {**ID, "context": CONTEXT}),
                Endpoint(EDIT, update, needs("edit"), {**ID, **BODY}),
                Endpoint(("DELETE",), delete, needs("delete"), {**ID, **FORCE}),
            ),
        ),
    ]


def _taxonomy(request: Request) -> str:
    if "attribute_id" in request.path:
        return f"attributes/{request.id('attribute_id')}"
    return request.route.removeprefix(f"/{request.namespace}/products/").partition("/")[0]


def _base(taxonomy: str) -> str:
    return f"products/{taxonomy}/terms" if "/" in taxonomy else f"products/{taxonomy}"


def term_json(request: Request, taxonomy: str, term: Term) -> Json:
    path = f"{_base(taxonomy)}/{term.id}"
    body: Json = {"id": term.id, "name": term.name, "slug": term.slug}
    if taxonomy == "attributes":
        body |= {"type": "select", "order_by": "menu_order", "has_archives": False}
    else:
        if taxonomy == "categories":
            body["parent"] = term.parent
        body["description"] = term.description
        if taxonomy == "categories":
            body |= {"display": "default", "image": None, "menu_order": 0}
        if "/" in taxonomy:
            body["menu_order"] = 0
        body["count"] = term.count
    up = f"{_base(taxonomy)}/{term.parent}" if term.parent else ""
    body["_links"] = links(request.root, path, up=up)
    return body


def page(request: Request) -> Answer:
    taxonomy, asked = _taxonomy(request), request.params
    rows = request.shop.terms.sorted(taxonomy)
    if asked["orderby"] == "id":
        rows.sort(key=lambda term: term.id)
    if asked["order"] == "desc":
        rows.reverse()
    rows = [] if hides_terms(request) else [term for term in rows if _wanted(term, asked)]
    bodies = [term_json(request, taxonomy, term) for term in rows[page_of(request, len(rows))]]
    return paged(request, choose(bodies, request.fields), len(rows))


def _wanted(term: Term, asked: Json) -> bool:
    if asked.get("include") and term.id not in asked["include"]:
        return False
    if asked.get("parent") is not None and term.parent != asked["parent"]:
        return False
    if asked.get("slug") and term.slug != asked["slug"]:
        return False
    if asked["hide_empty"] and not term.count:
        return False
    return str(asked.get("search", "")).casefold() in term.name.casefold()


def all_attributes(request: Request) -> Answer:
    rows = request.shop.terms.sorted("attributes")
    bodies = [term_json(request, "attributes", term) for term in rows]
    answer = Answer(choose(bodies, request.fields))
    answer.headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": "1"}
    return answer


def _term(request: Request) -> Term:
    term = request.shop.terms.of(_taxonomy(request)).get(request.id())
    if term is None:
        raise RestError("woocommerce_rest_term_invalid", "Resource does not exist.", 404)
    return term


def get(request: Request) -> Answer:
    return Answer(choose(term_json(request, _taxonomy(request), _term(request)), request.fields))


def create(request: Request) -> Answer:
    taxonomy, given = _taxonomy(request), request.params
    name = as_text(given.get("name"))
    known = request.shop.terms.by_slug(taxonomy, slug_of(name))
    if known is not None:
        message = "A term with the name provided already exists with this parent."
        raise RestError("term_exists", message, 400, {"resource_id": known.id})
    parent, description = as_int(given.get("parent")), as_text(given.get("description"))
    term = request.shop.terms.add(taxonomy, name, parent, description)
    answer = Answer(term_json(request, taxonomy, term), 201)
    answer.headers["Location"] = f"{request.root}/{_base(taxonomy)}/{term.id}"
    return answer


def update(request: Request) -> Answer:
    term, given = _term(request), request.params
    term.name = as_text(given.get("name")) or term.name
    term.slug = as_text(given.get("slug")) or term.slug
    term.description = as_text(given.get("description")) or term.description
    term.parent = as_int(given.get("parent"), term.parent)
    return Answer(term_json(request, _taxonomy(request), term))


def delete(request: Request) -> Answer:
    term = _term(request)
    if not truth(request.params["force"]):
        message = "Resource does not support trashing."
        raise RestError("woocommerce_rest_trash_not_supported", message, 501)
    shown = term_json(request, _taxonomy(request), term)
    del request.shop.terms.of(_taxonomy(request))[term.id]
    return Answer(shown)
