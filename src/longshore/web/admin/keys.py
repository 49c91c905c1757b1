"""Keys of programs: what each may do, when it was used, and the end of it."""

from datetime import timedelta

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.domain.access import Scope
from longshore.storage.queries.team import api_keys
from longshore.web.admin import actions, params
from longshore.web.shared.table_files import as_file
from longshore.web.shared.tenancy import PageRequest, governs

SCOPES = {
    Scope.ORDERS_READ: gettext_lazy("Read orders"),
    Scope.ORDERS_WRITE: gettext_lazy("Send orders and report parcels"),
    Scope.PRODUCTS_READ: gettext_lazy("Read products"),
    Scope.PRODUCTS_WRITE: gettext_lazy("Approve products and take them off"),
    Scope.STOCK_READ: gettext_lazy("Read stock"),
    Scope.VENDORS_READ: gettext_lazy("Read vendors"),
    Scope.VENDORS_WRITE: gettext_lazy("Add vendors and change their settings"),
    Scope.ACTIVITY_READ: gettext_lazy("Read what people did"),
    Scope.FINDINGS_READ: gettext_lazy("Read problems"),
    Scope.FINDINGS_WRITE: gettext_lazy("Settle problems"),
}
LIVES = (
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
    ("", gettext_lazy("until it is revoked")),
)


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Of the program, such as Bookkeeping. Activity shows it."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=[(scope.value, words) for scope, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.ChoiceField(
        label=gettext_lazy("It works for"),
        choices=LIVES,
        required=False,
        initial="365",
        widget=forms.RadioSelect,
    )


@governs
@require_safe
def keys(request: PageRequest) -> HttpResponseBase:
    if params.as_file(request):
        head = [_("Program"), _("It may"), _("Made"), _("By"), _("Used"), _("Until"), _("Revoked")]
        told = (
            [one.name, ", ".join(one.scopes), one.created_at, one.made_by, one.used_at,
             one.expires_at, one.revoked_at]
            for one in api_keys(request.tenant.marketplace_id)
        )  # fmt: skip
        return as_file(request, "keys", head, told)
    return _page(request, KeyForm())


@governs
@require_POST
def make(request: PageRequest) -> HttpResponse:
    """The key is shown on this one page and never again."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data, owner = form.cleaned_data, request.tenant.marketplace_id
    ends = timezone.now() + timedelta(days=int(data["days"])) if data["days"] else None

    def act() -> str:
        made, key = wiring.make_token(owner, request.user.pk, data["name"], data["scopes"], ends)
        after = {"scopes": data["scopes"]}
        what = wiring.What("key_made", f"key:{made}", data["name"], after=after)
        wiring.note_deed(actions.doer_of(request), what)
        return key

    key = actions.together(act)
    if actions.put_on(form, key):
        return _page(request, form, status=422)
    return render(request, "admin/key_made.html", {"key": key, "name": data["name"], "tab": "keys"})


@governs
@require_POST
def revoke(request: PageRequest, key_id: int) -> HttpResponse:
    owner = request.tenant.marketplace_id
    if all(key.id != key_id for key in api_keys(owner)):
        raise Http404

    def act() -> str:
        name = wiring.revoke_token(owner, key_id)
        what = wiring.What("key_revoked", f"key:{key_id}", name)
        wiring.note_deed(actions.doer_of(request), what)
        return name

    name = actions.together(act)
    actions.tell(request, name, _("The key %(name)s opens nothing any more.") % {"name": name})
    return redirect("admin:keys")


def _page(request: PageRequest, form: KeyForm, *, status: int = 200) -> HttpResponse:
    rows = [
        (key, [str(words) for scope, words in SCOPES.items() if scope.value in key.scopes])
        for key in api_keys(request.tenant.marketplace_id)
    ]
    context = {"form": form, "keys": rows, "now": timezone.now(), "tab": "keys"}
    return render(request, "admin/keys.html", context, status=status)
