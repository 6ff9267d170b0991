from django.core.management.base import BaseCommand

from languages.catalogues import compile_all


class Command(BaseCommand):
    help = "Compiles the catalogues of the interface that changed."
    requires_system_checks = []

    def handle(self, **options):
        codes = compile_all()
        self.stdout.write(f"Compiled: {', '.join(codes)}." if codes else "Every catalogue is compiled.")
