from django.core.management.base import BaseCommand, CommandError

from languages import CODES, catalogues


class Command(BaseCommand):
    help = "Writes the interface's sentences into the catalogues of all languages; their translations are kept."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if one is missing or stale.")
        parser.add_argument("--complete", action="store_true", help="As --check, and fail if one is not translated.")

    def handle(self, check, complete, **options):
        messages = catalogues.extracted()
        if check or complete:
            found = [problem for code in CODES for problem in catalogues.problems(code, messages)]
            found += [gap for code in CODES for gap in catalogues.gaps(code) if complete]
            if found:
                raise CommandError("\n".join([*found, "Catalogues are brought up to date by: manage.py messages"]))
            self.stdout.write("The catalogues are up to date.")
            return
        changed = [code for code in CODES if catalogues.update(code, messages)]
        self.stdout.write(f"Catalogues written: {', '.join(changed)}." if changed else "Nothing changed.")
        for code in CODES:
            if missing := len([*catalogues.gaps(code)]):
                self.stdout.write(f"{code}: {missing} of {len(messages)} not translated.")
