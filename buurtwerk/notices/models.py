"""What a colleague must know and did not look for: shown on Vandaag until it is seen."""

from django.db import models
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything


class NoticeManager(models.Manager):
    def tell(self, *people, text, url, by=None, after=None):
        """Leave a notice for each of these colleagues, whoever did it (`by`) left out.

        No name of a resident in `text`: a code and what happened are enough, the page behind `url` asks who looks.
        Nobody sees it before the instant `after`: an undo can still take it back.
        """
        everyone = {person.pk for person in people if person is not None} - {by and by.pk}
        if not everyone:
            return []
        # A notice is for whom it is for: who leaves it, does not read it either.
        with asking_everything():
            return self.bulk_create(
                self.model(to_id=pk, text=text, url=url, at=after or timezone.now()) for pk in sorted(everyone)
            )


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(to=user)

    def unseen(self):
        return self.filter(seen_at=None, at__lte=timezone.now())


class Notice(models.Model):
    to = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notices", verbose_name="voor")
    text = models.CharField("wat", max_length=300)
    url = models.CharField("waar", max_length=300)
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)
    seen_at = models.DateTimeField("gezien", null=True, editable=False)

    objects = NoticeManager.from_queryset(NoticeQuerySet)()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "melding"
        verbose_name_plural = "meldingen"
        indexes = [models.Index(fields=["to", "-at"], name="notice_unseen", condition=models.Q(seen_at=None))]

    def __str__(self):
        return self.text
