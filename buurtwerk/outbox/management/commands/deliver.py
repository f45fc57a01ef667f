import logging
import os
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from buurtwerk.outbox.delivery import deliver_due

EVERY = 5
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Verstuurt de mails die klaarstaan. Veilig met meerdere tegelijk."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="Blijf kijken, tot je stopt met Ctrl+C.")

    def handle(self, *args, watch, **options):
        if watch:
            return self._watch()
        left, stayed = deliver_due()
        self.stdout.write(f"{left} verstuurd, {stayed} niet gelukt")

    def _watch(self):
        """Until we are stopped, or whoever started us is gone."""
        started_by = os.getppid()
        while os.getppid() == started_by:
            try:
                deliver_due()
            except DatabaseError as problem:
                # The database restarts, or is being migrated: the mails wait in it.
                logger.warning("Mail waits: %s", type(problem).__name__)
            connection.close_if_unusable_or_obsolete()
            try:
                time.sleep(EVERY)
            except KeyboardInterrupt:
                return
