"""Where a reminder's link ends the reminders: one click here, or by the mail program itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from longshore import wiring
from longshore.wiring.links import LETTERS, named_by


@csrf_exempt  # the mail program posts by itself (RFC 8058), and the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, token: str) -> HttpResponse:
    number = named_by(LETTERS, token)
    found = wiring.letter_choice(number) if number is not None else None
    if number is None or found is None:
        raise Http404
    if request.method == "POST":
        wiring.choose_letters(number, stop="resume" not in request.POST)
        return redirect("letters", token)
    marketplace, stopped = found
    context = {"marketplace": marketplace, "stopped": stopped}
    return render(request, "open/letters.html", context)
