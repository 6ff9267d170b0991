"""The register's records: names, keys, and what belongs together."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import TestCase
from django.utils.translation import override

from delegations.models import Assembly, Chamber, Delegation, Membership, Person, PersonName, Website
from publishing.models import Redirect
from tests import make


def messages(record, **kwargs):
    try:
        record.full_clean(**kwargs)
    except ValidationError as error:
        return error.message_dict
    return {}


class Names(TestCase):
    def test_a_record_is_called_by_its_name_in_the_readers_language_else_another(self):
        for record, field in [
            (make.person(name_en="Viktor", name_ru="Виктор"), "name"),
            (make.delegation(country_en="Viktor", country_ru="Виктор"), "country"),
            (make.chamber(name_en="Viktor", name_ru="Виктор"), "name"),
            (make.office(name_en="Viktor", name_ru="Виктор"), "name"),
            (make.source(title_en="Viktor", title_ru="Виктор"), "title"),
            (make.assembly(name_en="Viktor", name_ru="Виктор"), "name"),
        ]:
            found = []
            for language in ["en", "ru", "hy"]:
                with override(language):
                    found.append(str(record))
            with self.subTest(record=type(record).__name__, field=field):
                self.assertEqual(found, ["Viktor", "Виктор", "Viktor"])

    def test_a_record_without_a_name_is_called_by_its_key(self):
        for record in [
            make.person(name_en="", slug="kogut"),
            make.delegation(country_en="", slug="kogut"),
            make.office(name_en="", slug="kogut"),
            make.source(title_en="", slug="kogut"),
            make.chamber(name_en="", slug="kogut", delegation=make.delegation(parliament_en="")),
        ]:
            self.assertEqual(str(record), "kogut")

    def test_facts_are_called_by_what_they_are_about_and_their_value(self):
        chamber = make.chamber(name_en="House", delegation=make.delegation(country_en="Belarus"))
        person = make.person(name_en="Viktor Kogut")
        self.assertEqual(str(make.seats(7, chamber=chamber)), "House: 7")
        self.assertEqual(
            str(make.plenipotentiary(delegation=chamber.delegation, person=person)), "Belarus: Viktor Kogut"
        )
        self.assertEqual(str(make.membership(chamber=chamber, person=person)), "Viktor Kogut: House")
        self.assertEqual(
            str(make.plenipotentiary(delegation=make.delegation(country_en="Tajikistan"), reason="not-named")),
            "Tajikistan: not named by the source",
        )

    def test_another_name_is_found_under_its_person_once(self):
        name = PersonName.objects.create(person=make.person(), text="Сергей  Рачков", language="ru")
        self.assertEqual((str(name), name.folded), ("Сергей Рачков", "sergei rachkov"))
        again = PersonName(person=name.person, text="Сергей Рачков", language="ru")
        self.assertEqual(messages(again), {"__all__": ["This name is already there."]})

    def test_another_name_goes_with_its_person(self):
        name = PersonName.objects.create(person=make.person(), text="Sergey")
        name.person.delete()
        self.assertEqual(PersonName.objects.count(), 0)


class Keys(TestCase):
    def test_a_country_has_one_delegation(self):
        taken = make.delegation(country_code="BY")
        self.assertEqual(
            messages(Delegation(slug="other", country_code=taken.country_code, country_en="Belarus")),
            {"country_code": ["This country already has a delegation."]},
        )
        self.assertEqual(
            messages(Delegation(slug="other", country_code="by")),
            {"country_code": ["Two capital letters (ISO 3166)."]},
        )

    def test_an_address_has_a_letter_and_is_taken_once(self):
        make.person(slug="kogut")
        wanted = "Use small Latin letters, digits and single hyphens, with at least one letter."
        for slug, said in [
            ("kogut", ["Another record already has this address."]),
            ("2025", [wanted]),
            ("Kogut", [wanted]),
            ("a--b", [wanted]),
            ("когут", [wanted]),
            ("kogut-2", None),
        ]:
            with self.subTest(slug=slug):
                self.assertEqual(messages(Person(slug=slug)).get("slug"), said)

    def test_an_address_that_another_record_had_before_is_not_taken_over(self):
        person = make.person(name_en="Viktor Kogut")
        Redirect.objects.create(target=person, slug="kogut")
        self.assertEqual(
            messages(Person(slug="kogut")),
            {"slug": ["“Viktor Kogut” had this address before; its old links lead there."]},
        )

    def test_there_is_one_assembly(self):
        make.assembly(name_en="First")
        make.assembly(name_en="Second")
        self.assertEqual([assembly.name_en for assembly in Assembly.objects.all()], ["Second"])
        with self.assertRaises(IntegrityError), transaction.atomic():
            Assembly.objects.bulk_create([Assembly(pk=2)])

    def test_a_time_zone_is_one_that_is_known(self):
        self.assertEqual(
            messages(Assembly(pk=1, time_zone="Moscow")),
            {"time_zone": ["“Moscow” is no time zone; write a name such as Europe/Moscow."]},
        )


class Chambers(TestCase):
    def test_a_parliament_of_one_chamber_has_no_second_name(self):
        chamber = make.chamber(kind="single", delegation=make.delegation(parliament_en="Supreme Council"))
        self.assertEqual((messages(chamber), str(chamber)), ({}, "Supreme Council"))
        chamber.genitive_ru = "Верховного Совета"
        self.assertEqual(messages(chamber), {"name_en": ["A parliament of one chamber has no second name."]})

    def test_any_other_chamber_needs_a_name_in_some_language(self):
        chamber = make.chamber(name_en="", genitive_en="")
        self.assertEqual(messages(chamber), {"name_en": ["A chamber needs a name."]})
        chamber.name_kk = "Мәжіліс"
        self.assertEqual(messages(chamber), {})

    def test_does_not_succeed_itself(self):
        chamber = make.chamber()
        chamber.successor = chamber
        self.assertEqual(messages(chamber), {"__all__": ["A chamber does not succeed itself."]})
        with self.assertRaises(IntegrityError), transaction.atomic():
            chamber.save()

    def test_has_a_key_of_its_own_in_its_delegation(self):
        chamber = make.chamber()
        other = Chamber(delegation=chamber.delegation, slug=chamber.slug, kind="upper", name_en="Senate")
        self.assertEqual(messages(other), {"__all__": ["The delegation already has a chamber with this key."]})
        other.delegation = make.delegation()
        self.assertEqual(messages(other), {})

    def test_with_members_stays_with_its_delegation(self):
        chamber = make.membership().chamber
        chamber.delegation = make.delegation()
        self.assertEqual(
            messages(chamber), {"delegation": ["A chamber with members or websites stays with its delegation."]}
        )

    def test_the_word_for_a_member_is_chosen_in_each_language(self):
        chamber = make.chamber(member_en="deputy", member_ru="member")
        self.assertEqual(messages(chamber), {})
        chamber.member_ru = "член"
        self.assertEqual(messages(chamber), {"member_ru": ["Value 'член' is not a valid choice."]})


class Websites(TestCase):
    def test_keeps_the_address_as_published_and_shows_its_domain(self):
        site = make.website(address="http://www.sovrep.gov.by/ru/")
        self.assertEqual((site.address, site.domain), ("http://www.sovrep.gov.by/ru/", "sovrep.gov.by/ru"))

    def test_a_chamber_of_another_delegation_is_refused(self):
        site = make.website()
        site.chamber = make.chamber()
        self.assertEqual(messages(site), {"chamber": ["The chamber belongs to another delegation."]})

    def test_is_entered_once_a_delegation(self):
        site = make.website()
        again = Website(delegation=site.delegation, address=site.address, source=site.source)
        self.assertEqual(messages(again), {"__all__": ["This address is already there."]})

    def test_leads_to_the_web(self):
        site = make.website(address="javascript:alert(1)")
        self.assertEqual(messages(site), {"address": ["Enter a valid URL."]})


class Memberships(TestCase):
    def test_belong_to_the_delegation_of_their_chamber(self):
        membership = make.membership()
        self.assertEqual(membership.delegation, membership.chamber.delegation)
        membership.chamber = make.chamber()
        membership.save(update_fields=["chamber"])
        membership.refresh_from_db()
        self.assertEqual(membership.delegation, membership.chamber.delegation)

    def test_can_be_checked_before_the_delegation_is_known(self):
        source = make.membership().source
        self.assertEqual(messages(Membership(person=make.person(), chamber=make.chamber(), source=source)), {})
        self.assertEqual(
            messages(Membership(person=make.person(), source=source)), {"chamber": ["This field cannot be null."]}
        )


class WhatIsCited(TestCase):
    def test_is_not_deleted(self):
        membership, post, seats = make.membership(), make.plenipotentiary(office=make.office()), make.seats()
        site = make.website()
        for record in [
            membership.person,
            membership.chamber,
            membership.source,
            post.person,
            post.office,
            post.delegation,
            seats.chamber,
            seats.source,
            site.source,
            site.delegation,
        ]:
            with self.subTest(record=record), self.assertRaises(ProtectedError):
                record.delete()
