import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from modeltranslation.translator import translator

from languages.catalogues import compile_all

USERNAME = "admin"


class Command(BaseCommand):
    help = (
        "Makes the site ready: compiles catalogues, migrates the database, loads content/ if there is no content yet, "
        "creates a staff account if there is none. Says what it did; a second run does nothing."
    )
    requires_system_checks = []  # what they would complain of, a missing database first, is made here

    def handle(self, **options):
        done = [self.compile(), self.migrate(), self.load(), self.create_account()]
        if not any(done):
            self.stdout.write("Everything is ready already: nothing was to do.")

    def compile(self):
        if codes := compile_all():
            self.stdout.write(f"The interface is compiled in {', '.join(codes)}.")
            return True

    def migrate(self):
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write(f"The database {self.place()} is up to date: {len(plan)} migrations applied.")
            return True

    def place(self):
        name = connection.settings_dict["NAME"]
        return str(name).removeprefix(f"{settings.BASE_DIR}/")

    def load(self):
        """Whatever has translated text is content, which room it is in does not matter here."""
        content = settings.BASE_DIR / "content"
        if content.exists() and not any(model._base_manager.exists() for model in translator.get_registered_models()):
            call_command("load_content", content, stdout=self.stdout)
            return True

    def create_account(self):
        User = get_user_model()
        if User._base_manager.exists():
            return False
        password = secrets.token_urlsafe(12)  # 16 characters
        User.objects.create_superuser(USERNAME, password=password)
        self.stdout.write(f"A staff account is created: user {USERNAME}, password {password} (shown this once).")
        return True
