"""The API's addresses, its description, and the page that tells it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from longshore.web.api import catalog, following, orders, problems
from longshore.web.api.reference import Group, operations_of
from longshore.web.shared.tenancy import PageRequest

FIRST_ERROR = 400
PREFIX = "/api/v1/"


class Api(NinjaAPI):
    """Its description says that errors are problem details."""

    def get_openapi_schema(self, **_more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=PREFIX)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for code, answer in operation["responses"].items():
                    if int(code) >= FIRST_ERROR and "application/json" in answer.get("content", {}):
                        answer["content"][problems.MEDIA] = answer["content"].pop(
                            "application/json"
                        )
        return schema


api = Api(
    title="Longshore",
    version="1",
    description="What the pages show and do, for programs. Amounts are decimal texts, times have"
    " their zone, lists go on with `after`. Writing requests take an `Idempotency-Key`: the same"
    " key gets the same answer for a day. Errors are problem details.",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
)
problems.register(api)
for _router in (
    orders.router,
    following.parts,
    catalog.products,
    catalog.stock,
    catalog.vendors,
    following.stores,
    following.problems,
    catalog.deeds,
):
    api.add_router("", _router)


@cache
def _operations() -> list[Group]:
    """They change only with the program."""
    return operations_of(api.get_openapi_schema())


@require_safe
def docs(request: PageRequest) -> HttpResponse:
    """The description as a page, made from what the program itself says."""
    context = {"operations": _operations()}
    return render(request, "api_docs.html", context)


@csrf_exempt  # keys, not cookies, open the API
def nothing(_request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return problems.problem(404, "The API has no such address.")


app_name = "api"
urlpatterns = [
    path("", docs, name="docs"),
    path("v1/", api.urls),
    path("v1/<path:rest>", nothing),
]
