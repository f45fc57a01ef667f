"""How often a stranger may send one of the public forms: per address block, and all together.

No address is kept, only a fingerprint of its block under our own secret key, for two days.
"""

import hashlib
import hmac
import ipaddress
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from buurtwerk.daily.work import every_day

AN_HOUR, A_DAY, FROM_EVERYONE = 5, 20, 2000
KEPT_FOR = timedelta(days=2)


class PublicPostManager(models.Manager):
    def allows(self, request, *, purpose):
        """Whether one more may come from here; then it is counted. Call it in the transaction of what it allows."""
        # As the sign-in does: behind TRUSTED_PROXY_COUNT proxies the address of the visitor, not of the last of them.
        block = block_hash(get_adapter().get_client_ip(request))
        with connection.cursor() as cursor:
            # One at a time from each block, or a burst would count itself as none.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{purpose}:{block}"])
        now = timezone.now()
        sent = self.filter(purpose=purpose, at__gt=now - timedelta(days=1))
        recent = sent.filter(at__gt=now - timedelta(hours=1))
        if recent.filter(block=block).count() >= AN_HOUR or sent.filter(block=block).count() >= A_DAY:
            return False
        if recent.count() >= FROM_EVERYONE:
            return False
        self.create(purpose=purpose, block=block)
        return True


class PublicPost(models.Model):
    purpose = models.CharField("waarvoor", max_length=30)
    block = models.CharField("vingerafdruk", max_length=64)
    at = models.DateTimeField("wanneer", default=timezone.now)

    objects = PublicPostManager()

    class Meta:
        app_label = "accounts"
        verbose_name = "verzending van buiten"
        verbose_name_plural = "verzendingen van buiten"
        indexes = [
            models.Index(fields=["purpose", "block", "at"], name="public_post_of_a_block"),
            models.Index(fields=["purpose", "at"], name="public_post_by_time"),
        ]

    def __str__(self):
        return f"{self.purpose} op {self.at:%d/%m/%Y}"


def block_hash(address):
    """A house or an office often shares one block: the /24 of an IPv4 address, the /56 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
        prefix = 24 if parsed.version == 4 else 56
        block = str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
    except ValueError:
        block = "unknown"
    return hmac.new(settings.SECRET_KEY.encode(), block.encode(), hashlib.sha256).hexdigest()


@every_day("Vergeten wie van buiten iets stuurde")
def forget_posts():
    return PublicPost.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]
