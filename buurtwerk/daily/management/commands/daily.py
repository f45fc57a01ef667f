from django.core.management.base import BaseCommand, CommandError

from buurtwerk.daily.work import do_all


class Command(BaseCommand):
    help = "Do what happens by the clock: expiries, erasing what is past its time. Safe to repeat."

    def handle(self, *args, **options):
        run = do_all()
        for part in run.done:
            self.stdout.write(f"{part['label']}: {'MISLUKT, ' if part['failed'] else ''}{part['result']}")
        if any(part["failed"] for part in run.done):
            raise CommandError("not everything could be done")
