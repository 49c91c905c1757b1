"""Letters by mail: who gets them, and when the last one went out."""

from django.db import models

from longshore.storage.models.owned import Owned


class LetterChoice(Owned):
    """One address in one marketplace. `stopped_at`: it wants no daily letter (one click in it);
    `recoveries_stopped_at`: none that tells of shops that came back. `sent_at`: the daily letter's.
    """

    email = models.EmailField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    recoveries_stopped_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "email"], name="letter_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.marketplace_id}"
