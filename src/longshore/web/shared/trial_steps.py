"""The part of a page that follows a trial order."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from longshore.storage.queries.trials import TrialPage
from longshore.web.shared import trial_words


def trial_steps(request: HttpRequest, trials: Mapping[int, TrialPage]) -> HttpResponse:
    """That of the store named by `store`; nothing where there is none."""
    given = request.GET.get("store", "")
    trial = next((one for number, one in trials.items() if str(number) == given), None)
    if trial is None:
        return HttpResponse("")
    context = {"trial": trial, "told": trial_words.told(trial), "poll": request.path}
    return render(request, "_trial.html", context)
