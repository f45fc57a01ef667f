from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from partners.importing import Result, UnreadableFile, count_results, import_partners


class Command(BaseCommand):
    help = "Leest organisaties en hun aanbod uit een CSV-bestand. Zonder --apply zegt het enkel wat er zou gebeuren."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV in UTF-8, met ; of , tussen de kolommen")
        parser.add_argument("--apply", action="store_true", help="Doe het echt.")

    def handle(self, *args, file, apply, **options):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} is niet te openen: {error.strerror}.") from error
        try:
            with transaction.atomic(), pghistory.context(command="import_partners"):
                outcomes = import_partners(content)
                transaction.set_rollback(not apply)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        self._report(outcomes, apply=apply)

    def _report(self, outcomes, *, apply):
        for outcome in outcomes:
            self.stdout.write(f"regel {outcome.line:>4}  {outcome.result.label:<11}  {outcome.slug}")
            for problem in outcome.problems:
                self.stdout.write(f"            {problem}")
        self.stdout.write(", ".join(f"{number} {result.label}" for result, number in count_results(outcomes)) + ".")
        if not apply:
            self.stdout.write("Dit was een proef: er is niets bewaard. Voeg --apply toe om het echt te doen.")
        elif any(outcome.result == Result.ERROR for outcome in outcomes):
            self.stdout.write("De goede rijen zijn bewaard. Verbeter de andere en lees het bestand opnieuw in.")
