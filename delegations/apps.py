from django.apps import AppConfig


class DelegationsConfig(AppConfig):
    name = "delegations"

    def ready(self):
        from delegations.erase import erase_person
        from publishing.erase import PARTS

        PARTS.append(erase_person)
