from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from publishing.content import load, reporter, sections


class Command(BaseCommand):
    help = "Loads a folder of content, all of it or nothing (docs/content.md)."

    def add_arguments(self, parser):
        parser.add_argument("path")
        parser.add_argument("--dry-run", action="store_true", help="Check and report only; nothing is kept.")

    def handle(self, *, path, dry_run, verbosity, **options):
        report = reporter(self.stderr)
        try:
            counts = load.load(path, sections(), dry_run, report)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted; nothing was loaded."), returncode=130) from None
        finally:
            report()
        if verbosity:
            self.report(counts)
        if dry_run:
            self.stderr.write(_("This was a dry run: nothing was kept."), style_func=self.style.WARNING)

    def report(self, counts):
        changed = {name: count for name, count in counts.items() if count["new"] or count["changed"]}
        for name, count in changed.items():
            self.stdout.write(
                _("%(path)s: %(new)s new, %(changed)s changed, %(same)s as they were.")
                % {"path": name, "new": count["new"], "changed": count["changed"], "same": count["same"]}
            )
        if not changed:
            self.stdout.write(_("Nothing changed."))
