from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegationsConfig(AppConfig):
    name = "delegations"
    verbose_name = _("Register")

    def ready(self):
        from delegations.erase import erase_person
        from publishing.erase import PARTS

        PARTS.append(erase_person)
