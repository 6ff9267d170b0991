"""Makers: dull values for everything; the interesting value stands in the test."""

from datetime import date
from itertools import count

from delegations import models
from news.models import NewsItem
from publishing.models import Picture
from publishing.release import release, withdraw
from staff.models import User
from translations import ledger

serial = count(1)
DAY = date(2025, 10, 7)


def user(**fields):
    number = next(serial)
    return User.objects.create_user(**{"username": f"user{number}", "password": "a long dull password", **fields})


def superuser(**fields):
    return user(is_staff=True, is_superuser=True, **fields)


def assembly(**fields):
    assembly = models.Assembly(**{"name_en": "Assembly", "short_locative_en": "the Assembly", **fields})
    assembly.save()
    return assembly


def source(**fields):
    number = next(serial)
    return models.Source.objects.create(**{"slug": f"source-{number}", "title_en": f"Page {number}", "published": DAY, **fields})


def person(**fields):
    number = next(serial)
    return models.Person.objects.create(**{"slug": f"person-{number}", "name_en": f"Person {number}", **fields})


def office(**fields):
    number = next(serial)
    return models.Office.objects.create(**{"slug": f"office-{number}", "name_en": f"secretary {number}", **fields})


def delegation(**fields):
    number = next(serial)
    code = f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
    return models.Delegation.objects.create(
        **{
            "slug": f"delegation-{number}",
            "country_code": code,
            "country_en": f"Country {number}",
            "parliament_en": f"Parliament {number}",
            "parliament_genitive_en": f"the Parliament {number}",
            **fields,
        }
    )


def chamber(**fields):
    number = next(serial)
    fields.setdefault("delegation", None)
    fields["delegation"] = fields["delegation"] or delegation()
    defaults = {"slug": f"chamber-{number}", "kind": "lower", "member_en": "deputy"}
    if fields.get("kind", "lower") != "single":
        defaults |= {"name_en": f"Chamber {number}", "genitive_en": f"the Chamber {number}"}
    return models.Chamber.objects.create(**{**defaults, **fields})


def seats(number=7, **fields):
    """A number of seats that was said on 7 October 2025, of a new chamber unless one is given."""
    fields.setdefault("chamber", None)
    fields["chamber"] = fields["chamber"] or chamber()
    return models.Seats.objects.create(**{"number": number, "source": _source(fields), **fields})


def plenipotentiary(**fields):
    fields.setdefault("delegation", None)
    fields["delegation"] = fields["delegation"] or delegation()
    if "person" not in fields and not fields.get("reason"):
        fields["person"] = person()
    return models.Plenipotentiary.objects.create(**{"source": _source(fields), **fields})


def membership(**fields):
    fields = {"chamber": None, "person": None, **fields}
    fields["chamber"] = fields["chamber"] or chamber()
    fields["person"] = fields["person"] or person()
    return models.Membership.objects.create(**{"source": _source(fields), **fields})


def website(**fields):
    number = next(serial)
    fields.setdefault("delegation", None)
    fields["delegation"] = fields["delegation"] or delegation()
    return models.Website.objects.create(**{"address": f"http://www.site{number}.example/", "source": _source(fields), **fields})


def news(released=False, withdrawn=False, delegations=(), people=(), **fields):
    """A news item in English. `released`: True for now, or an instant; `withdrawn`: True, or the reason in English."""
    number = next(serial)
    item = NewsItem.objects.create(
        **{"slug": f"news-{number}", "original_language": "en", "title_en": f"News {number}", "body_en": "<p>Text.</p>", "date": DAY, **fields}
    )
    item.delegations.set(delegations)
    item.people.set(people)
    if released:
        release(item, ["en"], at=None if released is True else released)
    if withdrawn:
        withdraw(item, {"en": "Wrong." if withdrawn is True else withdrawn})
    return item


def translate(item, language, approved=True, **texts):
    """Write a language of a news item; `approved`: as made from the original as it stands."""
    for field, text in {"title": f"{item.slug} in {language}", "body": "<p>Text.</p>", **texts}.items():
        setattr(item, f"{field}_{language}", text)
    item.save()
    if approved:
        ledger.approve(item, language)
    return item


def edit(item, **fields):
    """Change a news item, as the administration would: what was made from its original shows as stale."""
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    ledger.record(item)
    return item


def picture(**fields):
    """A picture without a file, described in English."""
    number = next(serial)
    return Picture.objects.create(
        **{"file": f"pictures/{number:032x}.jpg", "width": 3, "height": 2, "alt_en": f"Picture {number}", **fields}
    )


def _source(fields):
    return fields.pop("source", None) or (None if fields.get("reason") == "not-entered" else source())
