"""What the register keeps of a person beside the person: its part of `publishing.erase`."""

from django.conf import settings

from delegations.models import Person
from languages.text import column
from publishing.erase import forget


def erase_person(record):
    """Other names go; of a membership, which is a fact of its delegation, why it ended."""
    if not isinstance(record, Person):
        return
    for name in record.other_names.all():
        key = name.pk
        name.delete()
        name.pk = key
        forget(name)
    for membership in record.memberships.all():
        for language in settings.MODELTRANSLATION_LANGUAGES:
            setattr(membership, column("end_reason", language), "")
        membership.save()
        forget(membership)
