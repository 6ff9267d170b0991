"""How the register stands in content files."""

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
from publishing.content.folder import Section
from publishing.content.shapes import Shape

FACT = ["since", "until", "ended", "source", "confirmed_on", "confirmed_by", "reason"]
SAME_FACT = ("since", "source_id")

OTHER_NAMES = Shape(PersonName, ["text", "language", "kind"], same=("text", "language"))
SEATS = Shape(Seats, ["number", *FACT], same=SAME_FACT)
CHAMBERS = Shape(
    Chamber,
    ["slug", "kind", "order", "name", "genitive", "member", "name_source", "successor"],
    key=("delegation__slug", "slug"), lists={"seats": SEATS}, same=("slug",), later=("successor",),
)
WEBSITES = Shape(Website, ["chamber", "address", "language", "source", "order"], same=("address",))
PLENIPOTENTIARIES = Shape(Plenipotentiary, ["person", "office", *FACT], same=SAME_FACT)
MEMBERSHIPS = Shape(
    Membership, ["person", "chamber", "role", *FACT, "end_reason"], same=("person_id", "chamber_id", *SAME_FACT)
)

SECTIONS = [
    Section(
        Shape(Assembly, ["name", "short_name", "genitive", "short_locative", "address", "email", "time_zone"], key=()),
        "assembly.json",
    ),
    Section(Shape(Source, ["slug", "title", "address", "published", "retrieved", "note"]), "sources.json"),
    Section(Shape(Office, ["slug", "name"]), "offices.json"),
    Section(
        Shape(
            Person, ["slug", "name", "sort_name", "biography", "gender", "portrait"], lists={"other_names": OTHER_NAMES}
        ),
        "people.json",
    ),
    Section(
        Shape(
            Delegation,
            ["slug", "country_code", "order", "country", "parliament", "parliament_genitive"],
            lists={
                "chambers": CHAMBERS, "websites": WEBSITES, "plenipotentiaries": PLENIPOTENTIARIES,
                "memberships": MEMBERSHIPS,
            },
        ),
        "delegations/",
    ),
]
