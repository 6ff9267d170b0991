from delegations.models.assembly import Assembly, Office
from delegations.models.facts import Fact, FactQuerySet, Reason
from delegations.models.mandates import Membership, Plenipotentiary, Seats
from delegations.models.people import Person, PersonName
from delegations.models.register import Chamber, Delegation, Website
from delegations.models.sources import Source

__all__ = [
    "Assembly",
    "Chamber",
    "Delegation",
    "Fact",
    "FactQuerySet",
    "Membership",
    "Office",
    "Person",
    "PersonName",
    "Plenipotentiary",
    "Reason",
    "Seats",
    "Source",
    "Website",
]
