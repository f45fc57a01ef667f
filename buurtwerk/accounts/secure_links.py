"""Links for people without an account: only a hash is stored, and a GET never decides anything."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

VALID_FOR = timedelta(days=14)


class SecureLinkManager(models.Manager):
    def give_out(self, *, purpose, subject_id, valid_for=VALID_FOR):
        """Make a link. Returns the token for the address: it is not kept and cannot be shown again."""
        token = secrets.token_urlsafe(32)
        self.create(
            token_hash=_hash(token), purpose=purpose, subject_id=subject_id, expires_at=timezone.now() + valid_for
        )
        return token

    def open(self, token, *, purpose):
        """The living link of this token and purpose, or None: no hint why."""
        living = self.filter(revoked_at=None, used_at=None, expires_at__gt=timezone.now())
        return living.filter(token_hash=_hash(token), purpose=purpose).first()

    def use(self, token, *, purpose):
        """Use the link up for a decision. Returns it to exactly one caller, None to all others."""
        link = self.select_for_update().filter(token_hash=_hash(token), purpose=purpose).first()
        if link is None or not link.is_living:
            return None
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        return link

    def revoke(self, *, purpose, subject_id):
        self.filter(purpose=purpose, subject_id=subject_id, revoked_at=None).update(revoked_at=timezone.now())


class SecureLink(models.Model):
    token_hash = models.CharField("vingerafdruk", max_length=64, unique=True)
    purpose = models.CharField("doel", max_length=40)
    subject_id = models.BigIntegerField("waarover")
    created_at = models.DateTimeField("gemaakt", auto_now_add=True)
    expires_at = models.DateTimeField("vervalt")
    used_at = models.DateTimeField("gebruikt", null=True)
    revoked_at = models.DateTimeField("ingetrokken", null=True)

    objects = SecureLinkManager()

    class Meta:
        app_label = "accounts"
        verbose_name = "beveiligde link"
        verbose_name_plural = "beveiligde links"
        indexes = [models.Index(fields=["purpose", "subject_id"])]

    def __str__(self):
        return f"{self.purpose} tot {self.expires_at:%d-%m-%Y}"

    @property
    def is_living(self):
        return self.revoked_at is None and self.used_at is None and self.expires_at > timezone.now()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
