import os

from django.core.management.base import BaseCommand

from buurtwerk.serving import serve


class Command(BaseCommand):
    help = "Start de server voor echt gebruik (granian), met een werker per processorkern."

    def add_arguments(self, parser):
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=os.cpu_count())
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args, address, port, workers, threads, **options):
        serve(address=address, port=port, workers=workers, threads=threads)
