"""Where a letter's link ends letters of its kind: one click here, or by the mail program itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from longshore import wiring
from longshore.wiring.links import LETTERS, RECOVERIES, named_by

KINDS = {LETTERS: wiring.LetterKind.LATE, RECOVERIES: wiring.LetterKind.RECOVERIES}


@csrf_exempt  # the mail program posts by itself (RFC 8058), and the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, token: str) -> HttpResponse:
    number, kind = _named(token)
    found = wiring.letter_choice(number, kind)
    if found is None:
        raise Http404
    if request.method == "POST":
        wiring.choose_letters(number, kind, stop="resume" not in request.POST)
        return redirect("letters", token)
    marketplace, stopped = found
    context = {"marketplace": marketplace, "stopped": stopped, "kind": kind.value}
    return render(request, "open/letters.html", context)


def _named(token: str) -> tuple[int, wiring.LetterKind]:
    for link, kind in KINDS.items():
        number = named_by(link, token)
        if number is not None:
            return number, kind
    raise Http404
