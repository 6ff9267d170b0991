from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.pictures import orphans, sweep


class Command(BaseCommand):
    help = "Delete stored picture files that no row names and that are older than a day; meant for every night."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only name them.")

    def handle(self, *args, dry_run, **options):
        names = orphans() if dry_run else sweep()
        for name in names:
            self.stdout.write(name)
        if not names:
            self.stdout.write(_("Every picture file belongs to a picture."))
        elif dry_run:
            text = ngettext("%(count)d file would be deleted.", "%(count)d files would be deleted.", len(names))
            self.stdout.write(text % {"count": len(names)})
        else:
            text = ngettext("%(count)d file was deleted.", "%(count)d files were deleted.", len(names))
            self.stdout.write(text % {"count": len(names)})
