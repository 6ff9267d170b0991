from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.text import translated_models
from translations.recheck import recheck


class Command(BaseCommand):
    help = "Finds texts that were changed outside the administration, records them in the ledger and says so."

    def handle(self, *args, **options):
        mends = 0
        for model in translated_models():
            for sentence in recheck(model):
                self.stdout.write(sentence)
                mends += 1
        self.stdout.write(
            ngettext("%(count)s fault of the ledger is mended.", "%(count)s faults of the ledger are mended.", mends)
            % {"count": mends}
            if mends
            else _("The ledger is in step with the texts.")
        )
