from django.core.management.commands import flush

from buurtwerk.database import as_owner


class Command(flush.Command):
    """Django's flush, as the owner of the tables: the application role may not empty them."""

    def handle(self, **options):
        with as_owner():
            return super().handle(**options)
