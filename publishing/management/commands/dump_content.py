from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from publishing.content import dump, reporter, sections


class Command(BaseCommand):
    help = "Writes the content into a folder that load_content reads (docs/content.md)."

    def add_arguments(self, parser):
        parser.add_argument("path", help="A new folder, or a folder of content, which is replaced.")

    def handle(self, *, path, verbosity, **options):
        report = reporter(self.stderr)
        try:
            numbers = dump.dump(path, sections(), report)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted; nothing was written."), returncode=130) from None
        finally:
            report()
        for name, number in numbers.items():
            if number and verbosity:
                self.stdout.write(f"{name}: {number}")
