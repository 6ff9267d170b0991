from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from delegations.models import Delegation, Membership, Person, Plenipotentiary, Seats
from news.models import NewsItem, NewsRelease
from tests import make
from translations import ledger
from translations.ledger import State


def address(obj_or_model, page, *args):
    opts = obj_or_model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def form_of(response):
    """What a browser would post back from a change form, inlines included."""
    data = {}
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                if value:
                    data[bound.html_name] = "on"
            elif isinstance(value, list):
                data[bound.html_name] = [getattr(v, "pk", v) for v in value]
            elif value is not None:
                data[bound.html_name] = str(value)
    if "opened" in context:
        data["_opened"] = context["opened"]
    return data


class AdminTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make.superuser(username="editor")

    def setUp(self):
        self.client.force_login(self.editor)


class EveryPage(AdminTest):
    def test_every_list_form_and_history_opens(self):
        make.assembly()
        item = make.news(released=True, delegations=[make.delegation()])
        chamber = make.chamber()
        make.seats(chamber=chamber)
        make.plenipotentiary()
        make.membership(chamber=chamber)
        make.website()
        make.office()
        make.source()
        wrong = []
        for model in admin.site._registry:
            pages = [address(model, "changelist")]
            if admin.site._registry[model].has_add_permission(_request(self.editor)):
                pages.append(address(model, "add"))
            if obj := model._default_manager.first():
                pages += [address(model, "change", obj.pk), address(model, "history", obj.pk)]
            wrong += [(page, status) for page in pages if (status := self.client.get(page).status_code) != 200]
        self.assertEqual(wrong, [])
        self.assertTrue(NewsRelease.objects.filter(item=item).exists())

    def test_speaks_the_users_own_language(self):
        self.editor.interface_language = "ru"
        self.editor.save()
        self.assertEqual(self.client.get(reverse("admin:index")).headers["Content-Language"], "ru")

    def test_an_address_that_cannot_be_leads_back_without_error(self):
        for wrong in ["abc", "0", "-1", "10" * 20, "%00"]:
            with self.subTest(wrong):
                status = self.client.get(f"/admin/news/newsitem/{wrong}/change/").status_code
                self.assertIn(status, [302, 404])


class Search(AdminTest):
    def test_finds_every_spelling_and_script_of_a_name(self):
        person = make.person(name_en="Shabdanbek Alishev")
        make.person(name_en="Viktor Kogut")
        for words in ["Shabdanbek", "Шабданбек", "Շաբդանբեկ", "alishev"]:
            with self.subTest(words):
                response = self.client.get(address(Person, "changelist"), {"q": words})
                self.assertEqual(list(response.context["cl"].queryset), [person])


class Saving(AdminTest):
    def test_makes_nothing_public(self):
        item = make.news()
        data = form_of(self.client.get(address(item, "change", item.pk)))
        self.client.post(address(item, "change", item.pk), {**data, "title_en": "Changed"})
        item.refresh_from_db()
        self.assertEqual((item.title_en, NewsRelease.objects.count()), ("Changed", 0))

    def test_vouches_for_what_the_form_changed(self):
        item = make.news()
        data = form_of(self.client.get(address(item, "change", item.pk)))
        self.client.post(address(item, "change", item.pk), {**data, "title_ru": "Новость", "body_ru": "<p>Текст.</p>"})
        item.refresh_from_db()
        found = {field: ledger.states(item)[field, "ru"] for field in ["title", "body"]}
        self.assertEqual(found, {"title": State.APPROVED, "body": State.APPROVED})

    def test_a_changed_original_makes_its_translations_stale(self):
        item = make.news(title_ru="Новость")
        ledger.approve(item, "ru")
        data = form_of(self.client.get(address(item, "change", item.pk)))
        self.client.post(address(item, "change", item.pk), {**data, "title_en": "News of another kind"})
        item.refresh_from_db()
        self.assertEqual(ledger.states(item)["title", "ru"], State.STALE)

    def test_the_original_needs_a_title(self):
        item = make.news()
        data = form_of(self.client.get(address(item, "change", item.pk)))
        response = self.client.post(address(item, "change", item.pk), {**data, "title_en": " "})
        self.assertEqual(response.context["adminform"].form.errors, {"title_en": ["The original needs a title."]})

    def test_two_records_with_one_address_are_a_form_error(self):
        make.news(slug="taken")
        item = make.news()
        data = form_of(self.client.get(address(item, "change", item.pk)))
        response = self.client.post(address(item, "change", item.pk), {**data, "slug": "taken"})
        self.assertEqual(
            response.context["adminform"].form.errors, {"slug": ["Another record already has this address."]}
        )

    def test_keeps_a_history_of_every_edit_with_its_author(self):
        delegation = make.delegation()
        data = form_of(self.client.get(address(delegation, "change", delegation.pk)))
        self.client.post(address(delegation, "change", delegation.pk), {**data, "country_ru": "Страна"})
        latest = delegation.history.first()
        self.assertEqual((latest.country_ru, latest.history_user), ("Страна", self.editor))


class Releasing(AdminTest):
    def press(self, *items, **data):
        return self.client.post(
            address(NewsItem, "changelist"),
            {"action": "release_filled", "_selected_action": [item.pk for item in items], **data},
        )

    def test_says_first_what_it_will_do_and_changes_nothing(self):
        item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>")
        ledger.approve(item, "ru")
        response = self.press(item)
        self.assertEqual([plan["languages"] for plan in response.context["plans"]],
                         [[("en", "English", None), ("ru", "Русский", None)]])
        self.assertEqual(NewsRelease.objects.count(), 0)

    def test_makes_all_filled_languages_public(self):
        item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>", title_ky="Жаңылык")
        ledger.approve(item, "ru")
        self.press(item, confirmed="yes")
        found = NewsRelease.objects.current().order_by("language").values_list("language", "title", "released_by__username")
        self.assertEqual(list(found), [("en", item.title_en, "editor"), ("ru", "Новость", "editor")])

    def test_asks_for_a_word_for_what_is_unverified_and_keeps_it(self):
        item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>")
        response = self.press(item, confirmed="yes")
        asked = ["Some texts are stale or unverified; say why they are right."]
        self.assertEqual(response.context["form"].errors, {"word": asked})
        self.press(item, confirmed="yes", word="Read aloud at the meeting.")
        self.assertEqual(NewsRelease.objects.get(language="ru").word, "Read aloud at the meeting.")

    def test_needs_its_own_permission(self):
        user = make.user(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=["view_newsitem", "change_newsitem"]))
        self.client.force_login(user)
        item = make.news()
        self.press(item, confirmed="yes")
        self.assertEqual(NewsRelease.objects.count(), 0)
        user.user_permissions.add(Permission.objects.get(codename="release_newsitem"))
        self.press(item, confirmed="yes")
        self.assertEqual(NewsRelease.objects.count(), 1)

    def test_freezes_address_and_original_language(self):
        item = make.news(released=True)
        data = form_of(self.client.get(address(item, "change", item.pk)))
        self.client.post(address(item, "change", item.pk), {**data, "slug": "other", "original_language": "ru"})
        before = item.slug
        item.refresh_from_db()
        self.assertEqual((item.slug, item.original_language), (before, "en"))

    def test_what_was_public_cannot_be_deleted(self):
        item = make.news(released=True)
        self.assertEqual(self.client.post(address(item, "delete", item.pk), {"post": "yes"}).status_code, 403)
        draft = make.news()
        self.client.post(address(draft, "delete", draft.pk), {"post": "yes"})
        self.assertEqual(list(NewsItem.objects.all()), [item])


class FormsCost(AdminTest):
    def test_a_news_form_costs_the_same_with_three_links_as_with_one(self):
        ContentType.objects.get_for_model(NewsItem)  # asked for once a process
        for total in [1, 3]:
            item = make.news(delegations=[make.delegation() for _ in range(total)])
            with self.subTest(total=total), self.assertNumQueries(12):
                self.client.get(address(item, "change", item.pk))

    def test_lists_cost_the_same_with_three_rows_as_with_one(self):
        for model, create, queries in [
            (NewsItem, make.news, 8), (Delegation, make.delegation, 6), (Person, make.person, 6),
            (Seats, make.seats, 8), (Plenipotentiary, make.plenipotentiary, 8), (Membership, make.membership, 6),
        ]:
            for total in [1, 3]:
                while model.objects.count() < total:
                    create()
                with self.subTest(model=model, total=total), self.assertNumQueries(queries):
                    self.client.get(address(model, "changelist"))


def _request(user):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = user
    return request

