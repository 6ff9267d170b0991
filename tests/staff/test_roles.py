"""Who may write what: editors everything, reviewers their languages, translators suggestions. Ended at once."""

import re

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from news.models import NewsItem, NewsRelease
from publishing.release import release
from staff.models import LanguageRight
from staff.roles import EDITORS
from tests import make
from tests.browser import axe
from tests.staff.test_admin import AdminTest, address, form_of
from translations import ledger
from translations.ledger import State
from translations.models import Unit

TRANSLATE, REVIEW = LanguageRight.Level.TRANSLATE, LanguageRight.Level.REVIEW


def person(username, **levels):
    """Somebody of the staff with rights of languages: person("anna", kk="review")."""
    user = make.user(username=username, is_staff=True)
    for language, level in levels.items():
        user.language_rights.create(language=language, level=level)
    return user


def editor(username="ada"):
    user = make.user(username=username, is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def suggested(item, field="title", language="kk"):
    """(text, author) of what waits beside a field, or None."""
    unit = Unit.objects.of(item).suggested().filter(field=field, language=language).first()
    return unit and (unit.suggestion, unit.suggested_by and unit.suggested_by.username)


def row(item):
    """The whole row as the database has it, and its links; what is derived apart."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {item._meta.db_table} WHERE id = %s", [item.pk])
        found = dict(zip([column.name if hasattr(column, "name") else column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    found.pop("folded", None)
    return found | {field.name: [*getattr(item, field.name).values_list("pk", flat=True)] for field in item._meta.many_to_many}


class RolesTest(AdminTest):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.translator, cls.reviewer = person("aigul", kk="translate"), person("bolat", kk="review")

    def setUp(self):
        self.item = make.news(title_en="Meeting", title_ru="Встреча")

    def open(self, user, item=None):
        item = item or self.item
        self.client.force_login(user)
        return self.client.get(address(item, "change", item.pk))

    def save(self, user, item=None, **texts):
        item = item or self.item
        data = form_of(self.open(user, item)) | texts
        response = self.client.post(address(item, "change", item.pk), data)
        item.refresh_from_db()
        return response

    def decide(self, user, act, item=None, unit=None, **texts):
        """Press a button beside the suggestion; the form comes along as it was opened."""
        item = item or self.item
        unit = unit or Unit.objects.of(item).suggested().get()
        data = form_of(self.open(user, item)) | {act: ledger.digest(unit.suggestion)} | texts
        response = self.client.post(address(item, "suggestion", item.pk, unit.pk), data)
        item.refresh_from_db()
        return response

    def said(self, response):
        return [str(message) for message in self.client.get(response.url).context["messages"]]


class Editors(RolesTest):
    def names(self):
        found = Group.objects.get(name=EDITORS).permissions.values_list("content_type__app_label", "codename")
        return {f"{label}.{codename}" for label, codename in found}

    def test_write_what_keeps_a_history_and_read_what_acts_write(self):
        kept = [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]
        expected = {
            f"{model._meta.app_label}.{action}_{model._meta.model_name}"
            for model in kept
            for action in ["add", "change", "delete", "view"]
        }
        read = {"view_newsrelease", "view_redirect", "view_erasure", "view_unit", "release_newsitem"}
        self.assertEqual({name for name in self.names() - expected if name.split(".")[1] not in read}, set())
        self.assertEqual(expected - self.names(), set())
        self.assertEqual({name.split(".")[1] for name in self.names() - expected}, read)
        self.assertEqual([name for name in self.names() if name.startswith(("auth.", "staff."))], [])

    def test_are_laid_again_as_they_were_whatever_was_clicked(self):
        group, before = Group.objects.get(name=EDITORS), self.names()
        group.permissions.set(group.permissions.all()[3:])
        group.permissions.add(*Group.permissions.rel.model.objects.filter(codename="change_user"))
        for _again in range(2):
            call_command("migrate", verbosity=0)
            self.assertEqual((self.names(), Group.objects.filter(name=EDITORS).count()), (before, 1))

    def test_write_and_release_without_seeing_accounts(self):
        self.assertEqual(self.save(editor(), title_en="Sitting", date="2025-10-09").status_code, 302)
        self.assertEqual((self.item.title_en, str(self.item.date)), ("Sitting", "2025-10-09"))
        self.client.post(reverse("admin:news_newsitem_release", args=[self.item.pk]), {"release": "en", "_confirmed": "1"})
        self.assertEqual(NewsRelease.objects.get().title, "Sitting")
        self.assertEqual([self.client.get(f"/admin/{page}/").status_code for page in ["staff/user", "auth/group", "auth"]], [403, 403, 404])

    def test_are_told_which_suggestion_their_own_text_replaced(self):
        ledger.suggest(self.item, "title", "kk", "Кездесу", by=self.translator)
        response = self.save(editor(), title_kk="Жиын")
        self.assertIn("Your text replaced a suggestion by aigul: “Кездесу”", self.said(response))


class Translators(RolesTest):
    def test_see_what_has_texts_and_nothing_else(self):
        self.client.force_login(self.translator)
        labels = {app["app_label"] for app in self.client.get("/admin/").context["app_list"]}
        self.assertEqual(labels, {"delegations", "news", "publishing"})
        seen = {"news/newsitem": 200, "delegations/person": 200, "delegations/seats": 403, "translations/unit": 403, "staff/user": 403}
        self.assertEqual({page: self.client.get(f"/admin/{page}/").status_code for page in seen}, seen)

    def test_have_the_columns_of_their_languages_alone(self):
        for record, expected in [
            (self.item, {"title_kk", "lead_kk", "body_kk", "place_kk"}),
            (make.delegation(), {"country_kk", "parliament_kk", "parliament_genitive_kk"}),
            (make.membership(), {"end_reason_kk"}),
            (make.picture(), {"alt_kk"}),
        ]:
            with self.subTest(record):
                context = self.open(self.translator, record).context
                fields = context["adminform"].form.fields
                self.assertEqual({name for name, field in fields.items() if not field.disabled}, expected)
                self.assertEqual([i for i in context["inline_admin_formsets"] if i.has_change_permission or i.has_add_permission], [])

    def test_look_at_an_original_in_their_language(self):
        item = make.news(original_language="kk", title_kk="Кездесу", title_en="")
        page = self.open(self.translator, item)
        self.assertEqual((page.status_code, page.context["has_change_permission"]), (200, False))
        self.assertEqual(self.client.post(address(item, "change", item.pk), {"title_kk": "Басқа"}).status_code, 403)

    def test_leave_suggestions_and_the_field_stays(self):
        before = row(self.item)
        response = self.save(self.translator, title_kk="Кездесу", body_kk="<p>Мәтін</p>")
        self.assertEqual((row(self.item), suggested(self.item), suggested(self.item, "body")),
                         (before, ("Кездесу", "aigul"), ("<p>Мәтін</p>", "aigul")))
        self.assertEqual(self.said(response), ["2 texts wait as suggestions for a reviewer; the fields themselves stay."])

    def test_go_on_with_what_waits(self):
        self.save(self.translator, title_kk="Кездесу")
        self.assertEqual(self.open(self.translator).context["adminform"].form["title_kk"].value(), "Кездесу")
        self.save(self.translator, title_kk="Кездесу өтті")
        self.assertEqual(suggested(self.item), ("Кездесу өтті", "aigul"))

    def test_take_a_suggestion_back_by_restoring_the_field_or_emptying_it(self):
        item = make.news(title_kk="Болды")
        for back in ["Болды", ""]:
            with self.subTest(back):
                self.save(self.translator, item, title_kk="Кездесу")
                self.save(self.translator, item, title_kk=back)
                self.assertEqual((suggested(item), item.title_kk), (None, "Болды"))

    def test_cannot_suggest_an_empty_text(self):
        item = make.news(title_kk="Болды")
        response = self.save(self.translator, item, title_kk="")
        self.assertEqual((item.title_kk, Unit.objects.of(item).count()), ("Болды", 0))
        self.assertIn("An empty text is no suggestion: ask a reviewer to take a text out.", self.said(response))

    def test_of_one_language_do_not_overwrite_each_other(self):
        other = person("dana", kk="translate")
        opened = form_of(self.open(other))
        self.save(self.translator, title_kk="Кездесу")
        self.client.force_login(other)
        response = self.client.post(address(self.item, "change", self.item.pk), {**opened, "title_kk": "Жиын"})
        found = [(c.key, c.mine, c.theirs, c.by.username) for c in response.context["conflicts"]]
        self.assertEqual((found, suggested(self.item)), ([("title_kk", "Жиын", "Кездесу", "aigul")], ("Кездесу", "aigul")))

    def test_who_touch_nothing_suggest_nothing(self):
        ledger.suggest(self.item, "title", "kk", "Кездесу", by=self.reviewer)
        self.save(self.translator)
        self.assertEqual(suggested(self.item), ("Кездесу", "bolat"))

    def test_are_told_what_is_wrong_with_a_text(self):
        response = self.save(self.translator, title_kk="ә" * 301)
        self.assertEqual(list(response.context["adminform"].form.errors), ["title_kk"])

    def test_are_told_of_a_record_that_is_wrong_elsewhere(self):
        NewsItem.objects.filter(pk=self.item.pk).update(date="2999-01-01")
        response = self.save(self.translator, title_kk="Кездесу")
        self.assertEqual(response.context["adminform"].form.errors, {"__all__": ["A news item is dated one year ahead at most."]})

    def test_of_two_languages_may_review_one(self):
        user = person("both", kk="translate", ru="review")
        self.save(user, title_kk="Кездесу", title_ru="Заседание")
        self.assertEqual((self.item.title_ru, self.item.title_kk or "", suggested(self.item)), ("Заседание", "", ("Кездесу", "both")))
        self.assertEqual(ledger.states(self.item)["title", "ru"], State.APPROVED)

    def test_do_not_decide(self):
        self.save(self.translator, title_kk="Кездесу")
        page = self.open(self.translator)
        self.assertContains(page, "Suggested by aigul")
        self.assertNotContains(page, "formaction")
        for act in ["accept", "edit", "refuse"]:
            self.assertEqual(self.decide(self.translator, act).status_code, 403)
        self.assertEqual(suggested(self.item), ("Кездесу", "aigul"))


class Reviewers(RolesTest):
    def test_write_their_language_and_vouch_for_it(self):
        before = row(self.item)
        self.assertEqual(self.save(self.reviewer, title_kk="Кездесу").status_code, 302)
        self.assertEqual(row(self.item), before | {"title_kk": "Кездесу"})
        unit = Unit.objects.of(self.item).get(field="title", language="kk")
        self.assertEqual((unit.approved_by, ledger.states(self.item)["title", "kk"]), (self.reviewer, State.APPROVED))

    def test_accept_a_suggestion(self):
        self.save(self.translator, title_kk="Кездесу")
        response = self.decide(self.reviewer, "accept")
        self.assertEqual((self.item.title_kk, suggested(self.item)), ("Кездесу", None))
        self.assertEqual(Unit.objects.of(self.item).get(field="title", language="kk").approved_by, self.reviewer)
        self.assertEqual(self.item.history.first().history_user, self.reviewer)
        self.assertEqual(self.said(response), ["The suggestion for “title” in Қазақша is accepted."])

    def test_refuse_a_suggestion(self):
        self.save(self.translator, title_kk="Кездесу")
        before = row(self.item)
        response = self.decide(self.reviewer, "refuse")
        self.assertEqual((row(self.item), suggested(self.item)), (before, None))
        self.assertEqual(self.said(response), ["The suggestion for “title” in Қазақша is refused; the field stays as it was."])

    def test_change_a_suggestion_in_its_field_and_accept_it_by_saving(self):
        self.save(self.translator, title_kk="Кездесу")
        page = self.decide(self.reviewer, "edit", place_kk="Астана")
        form = page.context["adminform"].form
        self.assertEqual((form["title_kk"].value(), form["place_kk"].value(), suggested(self.item)), ("Кездесу", "Астана", ("Кездесу", "aigul")))
        self.assertContains(page, f'action="{address(self.item, "change", self.item.pk)}"')
        self.client.post(address(self.item, "change", self.item.pk), {**form_of(page), "title_kk": "Кездесу өтті"})
        self.item.refresh_from_db()
        self.assertEqual((self.item.title_kk, self.item.place_kk, suggested(self.item)), ("Кездесу өтті", "Астана", None))
        self.assertEqual(ledger.states(self.item)["title", "kk"], State.APPROVED)

    def test_keep_what_they_typed_when_they_decide_before_saving(self):
        self.save(self.translator, title_kk="Кездесу")
        for act in ["accept", "refuse"]:
            page = self.decide(self.reviewer, act, place_kk="Астана")
            self.assertEqual(page.context["adminform"].form["place_kk"].value(), "Астана")
            self.assertEqual(suggested(self.item), ("Кездесу", "aigul"))
            self.assertContains(page, "You have typed something that is not saved. Save it first, then decide about the suggestion.")

    def test_decide_about_what_they_have_seen_alone(self):
        self.save(self.translator, title_kk="Кездесу")
        unit = Unit.objects.of(self.item).suggested().get()
        self.save(self.translator, title_kk="Басқа")
        response = self.decide(self.reviewer, "accept", unit=unit)
        self.assertEqual((self.item.title_kk or "", suggested(self.item)), ("", ("Басқа", "aigul")))
        self.assertEqual(self.said(response), ["The suggestion has changed since you opened the form. Please look at it again."])
        unit.refresh_from_db()
        ledger.refuse(unit)
        response = self.decide(self.reviewer, "accept", unit=unit)
        self.assertEqual(self.said(response), ["No suggestion waits here any more: somebody has decided about it."])

    def test_see_who_suggested_and_what_is_different(self):
        item = make.news(title_kk="Бірінші кездесу", body_kk="<p>Болды</p>")
        self.save(self.translator, item, title_kk="Екінші кездесу", body_kk="<p>Болған</p>")
        page = self.open(self.reviewer, item)
        self.assertContains(page, '<p class="conflict__text" lang="kk"><del>Бірінші</del><ins>Екінші</ins> кездесу</p>', html=True)
        self.assertContains(page, '<p class="conflict__text" lang="kk"><del>Болды</del><ins>Болған</ins></p>', html=True)
        self.assertContains(page, "Suggested by aigul")
        self.assertEqual(page.context["adminform"].form["title_kk"].value(), "Бірінші кездесу")

    def test_cannot_be_made_to_run_what_somebody_suggests(self):
        self.save(self.translator, title_kk="<script>alert(1)</script>", body_kk="<p><img src=x onerror=alert(1)></p><p>Мәтін</p>")
        self.assertNotContains(self.open(self.reviewer), "<script>alert")
        self.assertNotContains(self.open(self.reviewer), "<img src=x")

    def test_join_their_language_and_no_other(self):
        make.translate(self.item, "kk")
        make.translate(self.item, "ru")
        release(self.item, ["en"])
        self.client.force_login(self.reviewer)
        rows = {row.code: row.joinable for row in self.open(self.reviewer).context["panel"].rows}
        self.assertEqual([code for code, joinable in rows.items() if joinable], ["kk"])
        found = {code: self.client.post(address(self.item, "join", self.item.pk, code)).status_code for code in ["kk", "ru"]}
        self.assertEqual((found, sorted(NewsRelease.objects.values_list("language", flat=True))), ({"kk": 302, "ru": 403}, ["en", "kk"]))
        self.client.force_login(self.translator)
        self.assertEqual(self.client.post(address(self.item, "join", self.item.pk, "kk")).status_code, 403)

    def test_of_the_original_have_no_right_to_it(self):
        user = person("orig", en="review")
        before = row(self.item)
        self.save(user, title_en="Forged")
        self.client.post(address(self.item, "join", self.item.pk, "en"))
        self.assertEqual((row(self.item), NewsRelease.objects.count()), (before, 0))


class Costs(RolesTest):
    def test_a_news_form_costs_everybody_the_same_few_queries_with_three_links_as_with_one(self):
        users = [editor(), self.translator, self.reviewer]
        for user in users:
            self.open(user)  # content types are asked for once a process
            for total in [1, 3]:
                item = make.news(delegations=[make.delegation() for _ in range(total)])
                ledger.suggest(item, "title", "kk", "Кездесу", by=self.translator)
                with self.subTest(user=user, total=total), self.assertNumQueries(14):
                    self.client.get(address(item, "change", item.pk))


class Ends(RolesTest):
    def lost(self, take):
        """What an open form may still do once `take` has taken something away; and whether it was open."""
        client = Client()
        client.force_login(self.reviewer)
        page = client.get(address(self.item, "change", self.item.pk))
        take(self.reviewer)
        data = {**form_of(page), "title_kk": "Кейін"}
        response = client.post(address(self.item, "change", self.item.pk), data)
        self.item.refresh_from_db()
        signed_in = "_auth_user_id" in client.session and client.get("/admin/").status_code == 200
        return response.status_code, self.item.title_kk or "", signed_in

    def test_at_once_with_the_account_the_password_the_role_or_the_right(self):
        def change_password(user):
            user.set_password("another long dull password")
            user.save()

        takes = {
            "account": (lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False), (302, "", False)),
            "password": (change_password, (302, "", False)),
            "staff": (lambda user: type(user).objects.filter(pk=user.pk).update(is_staff=False), (302, "", False)),
            "right": (lambda user: user.language_rights.all().delete(), (403, "", True)),
            "level": (lambda user: user.language_rights.update(level=TRANSLATE), (302, "", True)),
        }
        for name, (take, expected) in takes.items():
            with self.subTest(name):
                self.reviewer = person(f"reviewer-{name}", kk="review")
                self.assertEqual(self.lost(take), expected)

    def test_an_editor_who_is_one_no_more_writes_nothing(self):
        user = editor()
        data = form_of(self.open(user))
        user.groups.clear()
        before = row(self.item)
        self.assertEqual(self.client.post(address(self.item, "change", self.item.pk), {**data, "title_en": "Late"}).status_code, 403)
        self.assertEqual(row(self.item), before)


class Rights(RolesTest):
    def test_are_asked_for_once_a_person(self):
        user = type(self.reviewer).objects.get(pk=self.reviewer.pk)
        with self.assertNumQueries(1):
            found = [(user.translates(code), user.reviews(code)) for code in ["en", "ru", "kk"]]
        self.assertEqual(found, [(False, False), (False, False), (True, True)])
        user = type(self.translator).objects.get(pk=self.translator.pk)
        self.assertEqual([(user.translates(code), user.reviews(code)) for code in ["kk", "ru"]], [(True, False), (False, False)])

    def test_are_given_on_the_form_of_an_account_by_superusers_alone(self):
        user = make.user(username="new", is_staff=True)
        data = form_of(self.open(self.editor, user)) | {
            "language_rights-TOTAL_FORMS": "2", "language_rights-0-language": "ky", "language_rights-0-level": "review",
            "language_rights-1-language": "ru", "language_rights-1-level": "translate",
            "language_rights-0-user": user.pk, "language_rights-1-user": user.pk,
            "date_joined_0": "2025-10-07", "date_joined_1": "10:00",
        }  # fmt: skip
        self.client.post(address(user, "change", user.pk), data)
        self.assertEqual(list(user.language_rights.values_list("language", "level")), [("ky", "review"), ("ru", "translate")])
        helper = make.user(username="helper", is_staff=True)
        helper.user_permissions.set(Group.permissions.rel.model.objects.filter(codename__endswith="_user"))
        self.assertEqual(self.open(helper, user).context["inline_admin_formsets"], [])
        self.client.post(address(user, "change", user.pk), {**data, "language_rights-0-level": "translate"})
        self.assertEqual(user.language_rights.get(language="ky").level, "review")


def test_a_translation_goes_from_its_translator_over_its_reviewer_to_readers(visit, page, live_server, reports):
    password = "a long dull password"
    person("aigul", kk="translate"), person("bolat", kk="review")
    item = make.news(title_en="Meeting", body_kk="<p>Мәтін.</p>")
    ledger.approve(item, "kk")
    release(item, ["en"])
    form = f"/admin/news/newsitem/{item.pk}/change/?lang=kk"

    def sign_in(name):
        visit(f"/admin/login/?next={form}")
        page.locator("#id_username").fill(name)
        page.locator("#id_password").fill(password)
        with page.expect_navigation():
            page.locator("[type=submit]").click()

    sign_in("aigul")
    assert page.locator("[class*=mt-field-title_]:visible, .mt:visible").first.get_attribute("id") == "id_title_kk"
    page.locator("#id_title_kk").fill("Кездесу")
    with page.expect_navigation():
        page.locator("[name=_continue]").last.click()
    assert "1 text waits as a suggestion" in page.locator(".messagelist").inner_text()
    assert page.locator("#id_title_kk").input_value() == "Кездесу"
    assert page.locator(".suggestion button").count() == 0
    page.locator("#logout-form button").click()

    sign_in("bolat")
    assert re.match("Suggested by aigul, ", page.locator(".suggestion:visible .changes__meta").inner_text())
    assert page.locator(".suggestion:visible ins").inner_text() == "Кездесу"
    assert reports == []
    assert axe(page) == []
    reports.clear()  # a style of axe's own is refused
    with page.expect_navigation():
        page.get_by_role("button", name="Accept", exact=True).click()
    assert "is accepted" in page.locator(".messagelist").inner_text()
    assert page.locator("#id_title_kk").input_value() == "Кездесу"
    page.get_by_role("link", name="Join Қазақша").click()
    with page.expect_navigation():
        page.locator("[name=_confirmed]").click()
    assert visit(f"/kk/news/{item.slug}/").locator("h1").inner_text() == "Кездесу"


def test_enter_in_a_field_saves_and_decides_nothing(visit, page, sign_in):
    delegation = make.delegation(country_en="Kazakhstan", country_kk="Қазақ")
    ledger.suggest(delegation, "country", "kk", "Қазақстан")
    sign_in(person("bolat", kk="review"))
    visit(f"/admin/delegations/delegation/{delegation.pk}/change/?lang=kk")
    page.locator("#id_parliament_kk").fill("Парламент")
    with page.expect_navigation():
        page.locator("#id_parliament_kk").press("Enter")
    delegation.refresh_from_db()
    assert (delegation.parliament_kk, delegation.country_kk) == ("Парламент", "Қазақ")
    assert Unit.objects.of(delegation).suggested().count() == 1
