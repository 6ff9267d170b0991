from modeltranslation.translator import TranslationOptions, register

from delegations.models import (
    Assembly,
    Chamber,
    Delegation,
    Membership,
    Office,
    Person,
    PersonName,
    Plenipotentiary,
    Seats,
    Source,
    Website,
)
from publishing.history import keep_history


@register(Assembly)
class AssemblyTranslation(TranslationOptions):
    fields = ["name", "short_name", "genitive", "short_locative", "address"]


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ["title"]


@register(Office)
class OfficeTranslation(TranslationOptions):
    fields = ["name"]


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ["name", "sort_name", "biography"]


@register(Delegation)
class DelegationTranslation(TranslationOptions):
    fields = ["country", "parliament", "parliament_genitive"]


@register(Chamber)
class ChamberTranslation(TranslationOptions):
    fields = ["name", "genitive", "member"]


@register(Membership)
class MembershipTranslation(TranslationOptions):
    fields = ["end_reason"]


for model in [
    Assembly, Source, Office, Person, PersonName, Delegation, Chamber, Website, Seats, Plenipotentiary, Membership,
]:
    keep_history(model)
