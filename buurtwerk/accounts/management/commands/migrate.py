from django.core.management import call_command
from django.core.management.commands import migrate

from buurtwerk.database import as_owner


class Command(migrate.Command):
    """Django's migrate, as the owner of the tables, with the cache table along."""

    def handle(self, *args, **options):
        with as_owner():
            if not options["app_label"]:
                call_command("createcachetable", verbosity=0)
            return super().handle(*args, **options)
