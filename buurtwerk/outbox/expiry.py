from datetime import timedelta

from django.utils import timezone

from buurtwerk.daily.work import every_day
from buurtwerk.outbox.models import Message

KEPT = timedelta(days=90)


@every_day("Oude berichten")
def forget_old_messages():
    """A message carries an address: once it is settled for three months, it goes. Its history holds no address."""
    old = Message.objects.exclude(fate=Message.Fate.QUEUED).filter(fate_at__lt=timezone.now() - KEPT)
    count, _ = old.delete()
    return count
