"""The team: who belongs to the marketplace, what each may do, and who was invited."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.setup import setup_page
from longshore.storage.queries.team import invited, people
from longshore.web.admin import actions, params
from longshore.web.shared.accounts import send_hub_mail
from longshore.web.shared.invitations import invite_staff
from longshore.web.shared.table_files import as_file
from longshore.web.shared.tenancy import PageRequest, governs

ROLES = (
    ("owner", gettext_lazy("Owner: everything, also who may enter")),
    ("operator", gettext_lazy("Operator: the daily work, not who may enter nor the connections")),
    ("reader", gettext_lazy("Read-only: sees everything, changes nothing")),
)
ROLE_WORDS = {
    "owner": gettext_lazy("Owner"),
    "operator": gettext_lazy("Operator"),
    "reader": gettext_lazy("Read-only"),
}


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail of the person"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLES, initial="operator", widget=forms.RadioSelect
    )


@governs
@require_safe
def team(request: PageRequest) -> HttpResponseBase:
    if params.as_file(request):
        head = [_("Person"), _("Role"), _("Second step"), _("Last sign-in")]
        told = (
            [one.email, ROLE_WORDS.get(one.role, one.role), one.two_steps, one.last_seen]
            for one in people(request.tenant.marketplace_id)
        )
        return as_file(request, "team", head, told)
    return _page(request, InviteForm())


@governs
@require_POST
def invite(request: PageRequest) -> HttpResponse:
    """Makes a link that is shown once, and mails it where a mail server is set."""
    owner, form = request.tenant.marketplace_id, InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    base = actions.public_url() or request.build_absolute_uri("/")
    what = wiring.What("person_invited", f"marketplace:{owner}", email, after={"role": role})
    link = actions.noted(request, lambda: invite_staff(owner, email, role, base), what)
    if actions.put_on(form, link):
        return _page(request, form, status=422)
    mailed = send_hub_mail(
        email,
        _("You are invited to %(marketplace)s") % {"marketplace": request.tenant.name},
        _("Open this link to join. It works once, for 3 days.\n\n%(link)s\n") % {"link": link},
    )
    context = {"link": link, "email": email, "mailed": mailed}
    return render(request, "admin/invited.html", context)


@governs
@require_POST
def change_role(request: PageRequest, member_id: int) -> HttpResponse:
    owner, role = _owner_of(request, member_id), request.POST.get("role", "")

    def act() -> str:
        email, before = wiring.change_role(owner, member_id, role)
        old, new = {"role": before}, {"role": role}
        what = wiring.What("role_changed", f"member:{member_id}", email, None, old, new)
        wiring.note_deed(actions.doer_of(request), what)
        return email

    email = actions.together(act)
    actions.tell(request, email, _("%(email)s has the new role now.") % {"email": email})
    return redirect("admin:team")


@governs
@require_POST
def remove(request: PageRequest, member_id: int) -> HttpResponse:
    owner = _owner_of(request, member_id)

    def act() -> str:
        email = wiring.remove_member(owner, member_id)
        what = wiring.What("person_removed", f"member:{member_id}", email)
        wiring.note_deed(actions.doer_of(request), what)
        return email

    email = actions.together(act)
    actions.tell(request, email, _("%(email)s sees nothing here any more.") % {"email": email})
    return redirect("admin:team")


@governs
@require_POST
def second_step(request: PageRequest) -> HttpResponse:
    """Whether the team needs a second step. Whoever demands it must have one: else they would lock
    themselves out.
    """
    owner, wanted = request.tenant.marketplace_id, "on" in request.POST
    mine = [one for one in people(owner) if one.email == request.user.email]
    if wanted and not (mine and mine[0].two_steps):
        failed = actions.Failed(_("Set up a second step for yourself first."))
        actions.tell(request, failed, "")
        return redirect("admin:team")
    before, after = {"second_step": not wanted}, {"second_step": wanted}
    saved = actions.change_marketplace(request, before, after)
    actions.tell(request, saved, _("Saved."))
    return redirect("admin:team")


def _owner_of(request: PageRequest, member_id: int) -> int:
    """The marketplace, if that person belongs to its team. Raises Http404."""
    owner = request.tenant.marketplace_id
    if all(one.member_id != member_id for one in people(owner)):
        raise Http404
    return owner


def _page(request: PageRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    owner = request.tenant.marketplace_id
    context = {
        "form": form,
        "people": [(one, ROLE_WORDS.get(one.role, one.role)) for one in people(owner)],
        "roles": ROLE_WORDS.items(),
        "invited": [
            (one, ROLE_WORDS.get(one.role, one.role)) for one in invited(owner, timezone.now())
        ],
        "second_step": setup_page(owner).second_step,
        "tab": "team",
    }
    return render(request, "admin/team.html", context, status=status)
