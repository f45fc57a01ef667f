import time

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.database import as_owner
from buurtwerk.demo.bulk import load_bulk


class Command(BaseCommand):
    help = "Voegt een groot verzonnen centrum toe, om mee te meten."

    def add_arguments(self, parser):
        parser.add_argument("--contacts", type=int, default=150_000)
        parser.add_argument("--families", type=int, default=5_000)

    def handle(self, *args, contacts, families, **options):
        if settings.PRODUCTION:
            raise CommandError("Verzonnen gegevens horen niet in een echte databank.")
        if contacts < 1 or families < 1:
            raise CommandError("Geef een aantal boven nul.")
        started = time.monotonic()
        with asking_everything():
            bulk = load_bulk(families=families, contacts=contacts)
        self._take_stock()
        self.stdout.write(
            f"{bulk.centre}: {families} gezinnen en {contacts} contacten in {time.monotonic() - started:.0f} s. "
            f"Coördinator: {bulk.workers[0]}. Langste verhaal: {bulk.longest.code}."
        )

    def _take_stock(self):
        """The planner must know how large the tables became."""
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
