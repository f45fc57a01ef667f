import os

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from buurtwerk.demo.loading import load_demo
from buurtwerk.demo.people import PASSWORD, TEAM
from buurtwerk.serving import collect_static, serve


class Command(BaseCommand):
    help = "Maakt de database klaar, laadt het democentrum en start op http://127.0.0.1:8000."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="Alleen laden, niet starten.")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="Maak eerst alles leeg (vraagt het eerst).")

    def handle(self, *args, no_serve, port, fresh, **options):
        if settings.PRODUCTION:
            raise CommandError("De demo heeft een bekend wachtwoord en start nooit met PRODUCTION=1.")
        call_command("migrate", verbosity=0)
        if fresh:
            self._empty()
        load_demo()
        collect_static()
        self._say_who_can_sign_in(port)
        if not no_serve:
            self._lead_links_here(port)
            serve(address="127.0.0.1", port=port, workers=1)

    def _lead_links_here(self, port):
        """Feeds name whole addresses. A worker is a copy of this process or starts afresh: tell both."""
        if "SITE_URL" not in os.environ:
            os.environ["SITE_URL"] = settings.SITE_URL = f"http://127.0.0.1:{port}"

    def _empty(self):
        answer = input("Alles in deze database gaat weg. Typ 'ja' om door te gaan: ")
        if answer.strip().lower() != "ja":
            raise CommandError("Niets gewist.")
        call_command("flush", interactive=False, verbosity=0)

    def _say_who_can_sign_in(self, port):
        self.stdout.write(f"\nBuurtwerk staat op http://127.0.0.1:{port}/ (de team-kant op /team/).")
        self.stdout.write(f"Meld je aan met een van deze namen en het wachtwoord {PASSWORD}:")
        for username, (_, role, where) in TEAM.items():
            self.stdout.write(f"  {username:<9}{role.label} ({', '.join(where)})")
        self.stdout.write("Stop met Ctrl+C.")
        self.stdout.flush()
