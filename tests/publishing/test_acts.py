from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from news.models import NewsItem, NewsRelease
from publishing.panel import Public, panel
from publishing.release import release
from tests import make
from tests.staff.test_admin import AdminTest, address, form_of
from translations import ledger

MOSCOW = ZoneInfo("Europe/Moscow")


def act(item, name, *args):
    return reverse(f"admin:news_newsitem_{name}", args=[item.pk, *args])


def bilingual(**fields):
    item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>", **fields)
    ledger.approve(item, "ru")
    return item


def public(item):
    return list(NewsRelease.objects.current().filter(item=item, withdrawn=False).order_by("language").values_list("language", "title"))


class Panels(AdminTest):
    def test_says_what_readers_see_of_each_language(self):
        item = bilingual()
        release(item, ["en", "ru"])
        item.title_ru, item.date = "Новая", item.date + timedelta(1)
        item.save()
        found = {row.code: (row.public, row.differs) for row in panel(item).rows if row.row}
        self.assertEqual(
            found, {"en": (Public.CHANGED, ["date of the event"]), "ru": (Public.CHANGED, ["title", "date of the event"])}
        )

    def test_says_why_a_language_cannot_be_released(self):
        item = bilingual(title_ky="Жаңылык")
        ledger.suggest(item, "title", "kk", "Жаңалық")
        found = {row.code: row.refused for row in panel(item).rows if row.code in {"ru", "kk", "ky"}}
        self.assertEqual(found, {"ru": "", "kk": "title is missing in kk.", "ky": "body is missing in ky."})

    def test_shows_the_one_plan_of_an_item(self):
        item, at = bilingual(), timezone.now() + timedelta(days=1)
        release(item, ["en", "ru"], at=at, until=at + timedelta(days=1), reason={"en": "Over."})
        found = panel(item)
        self.assertEqual((found.begins, found.ends, found.planned), (at, at + timedelta(days=1), ["en", "ru"]))

    def test_costs_the_same_for_one_language_as_for_seven(self):
        for languages in [["en"], ["en", "ru"]]:
            item = bilingual()
            release(item, languages)
            item = NewsItem.objects.get(pk=item.pk)
            with self.subTest(languages), self.assertNumQueries(6):
                panel(item)


class Releasing(AdminTest):
    def test_goes_from_the_form_over_a_page_that_says_what_will_happen(self):
        item = bilingual()
        data = form_of(self.client.get(address(item, "change", item.pk)))
        response = self.client.post(address(item, "change", item.pk), {**data, "title_en": "Better", "release": ["en", "ru"], "_release": "1"})
        self.assertRedirects(response, f"{act(item, 'release')}?release=en&release=ru")
        page = self.client.get(response.url)
        self.assertEqual(
            [(change["code"], str(change["field"]), change["old"], change["new"]) for change in page.context["differences"]],
            [("en", "title", "", "Better"), ("en", "body", "", "Text."), ("ru", "title", "", "Новость"), ("ru", "body", "", "Текст.")],
        )
        self.assertEqual(public(item), [])

    def test_makes_public_now_or_from_an_instant_of_the_sites_clock(self):
        now, later = bilingual(), bilingual()
        self.client.post(act(now, "release"), {"release": ["en", "ru"], "_confirmed": "1"})
        self.assertEqual(public(now), [("en", now.title_en), ("ru", "Новость")])
        self.client.post(act(later, "release"), {
            "release": "en", "release_when": "at", "release_date": "2099-12-01", "release_time": "10:00", "_confirmed": "1",
        })
        self.assertEqual(later.releases.get().since, datetime(2099, 12, 1, 10, tzinfo=MOSCOW))

    def test_keeps_an_end_a_note_and_a_word(self):
        item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>")
        said = {
            "release": ["en", "ru"], "release_kind": "major", "note_en": "The number was wrong.", "word": "Checked by phone.",
            "end_date": "2099-12-01", "end_time": "10:00", "reason_en": "The call is over.", "_confirmed": "1",
        }
        self.client.post(act(item, "release"), said)
        self.assertEqual(
            list(item.releases.filter(language="en").order_by("since").values_list("note", "withdrawn", "reason")),
            [("The number was wrong.", False, ""), ("", True, "The call is over.")],
        )
        self.assertEqual(item.releases.order_by("since").filter(language="ru").first().word, "Checked by phone.")

    def test_refuses_with_a_sentence_and_changes_nothing(self):
        item = make.news(title_ru="Новость", body_ru="<p>Текст.</p>")
        for said, field, sentence in [
            ({"release": ["ru"]}, "__all__", "The original must be public first."),
            ({"release": ["en", "ru"]}, "word", "Some texts are stale or unverified; say why they are right."),
            ({}, "release", "Choose at least one language."),
            ({"release": "en", "release_when": "at"}, "release_date", "Say when, or choose “Now”."),
            ({"release": "en", "release_when": "at", "release_date": "2020-01-01", "release_time": "10:00"}, "__all__",
             "A release begins now or later and ends after it begins."),
            ({"release": "en", "release_when": "at", "release_date": "2099-01-01"}, "release_time", "A day and a time belong together."),
            ({"release": "en", "end_date": "2099-01-01", "end_time": "10:00"}, "reason_en",
             "A planned withdrawal needs a reason in the original language."),
            ({"release": "en", "release_kind": "major"}, "note_en", "Say to readers what changed in meaning."),
        ]:
            with self.subTest(said):
                response = self.client.post(act(item, "release"), {**said, "_confirmed": "1"})
                self.assertEqual(response.context["form"].errors.get(field), [sentence])
                self.assertEqual(item.releases.count(), 0)

    def test_refuses_a_time_that_the_clock_jumps_over(self):
        item = make.news()
        with override_settings(SITE_ZONE=ZoneInfo("Europe/Berlin"), TIME_ZONE="Europe/Berlin"):
            response = self.client.post(act(item, "release"), {
                "release": "en", "release_when": "at", "release_date": "2099-03-29", "release_time": "02:30", "_confirmed": "1",
            })
        self.assertEqual(
            response.context["form"].errors["release_time"],
            ["02:30 does not exist on that day in Europe/Berlin: the clock jumps over it."],
        )

    def test_says_that_a_plan_is_replaced(self):
        item = bilingual()
        release(item, ["en"], at=timezone.now() + timedelta(days=1))
        page = self.client.get(act(item, "release"), {"release": "en"})
        self.assertEqual([c["sentence"] for c in page.context["consequences"]],
                         ["English becomes public.", "What was planned for this item is replaced."])


class OtherActs(AdminTest):
    def test_withdraw_the_item_some_translations_or_in_error(self):
        for said, expected in [
            ({"what": "item", "reason_en": "Wrong."}, ([], 200)),
            ({"what": "ru", "reason_ru": "Неверно."}, ([("en", "News")], 200)),
            ({"what": "item", "reason_en": "Wrong.", "in_error": "on"}, ([], 410)),
        ]:
            with self.subTest(said):
                item = bilingual(title_en="News")
                release(item, ["en", "ru"])
                response = self.client.post(act(item, "withdraw"), said)
                self.assertEqual(response.status_code, 302)
                self.assertEqual((public(item), self.client.get(f"/en/news/{item.slug}/").status_code), expected)

    def test_refuse_a_withdrawal_without_a_reason(self):
        item = make.news(released=True)
        response = self.client.post(act(item, "withdraw"), {"what": "item"})
        self.assertEqual(response.context["form"].errors, {"__all__": ["A withdrawal needs a reason in the original language."]})

    def test_take_a_plan_back(self):
        item = make.news(released=timezone.now() + timedelta(days=1))
        self.client.post(act(item, "cancel"))
        self.assertEqual(item.releases.count(), 0)

    def test_join_a_translation(self):
        item = bilingual()
        release(item, ["en"])
        self.client.post(act(item, "join", "ru"))
        self.assertEqual(public(item), [("en", item.title_en), ("ru", "Новость")])

    def test_give_a_new_address_and_leave_a_redirect(self):
        item = make.news(released=True)
        self.client.post(act(item, "readdress"), {"slug": "new-address"})
        self.assertRedirects(
            self.client.get(f"/en/news/{item.slug}/"), "/en/news/new-address/", status_code=301
        )

    def test_refuse_a_taken_address(self):
        make.news(slug="taken")
        item = make.news(released=True)
        response = self.client.post(act(item, "readdress"), {"slug": "taken"})
        self.assertEqual(response.context["form"].errors, {"slug": ["Another record already has this address."]})

    def test_ask_for_the_right_on_every_page_and_method(self):
        item = bilingual()
        release(item, ["en"])
        user = make.user(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=["view_newsitem", "change_newsitem"]))
        self.client.force_login(user)
        pages = [act(item, name) for name in ["release", "withdraw", "cancel", "readdress"]] + [act(item, "join", "ru")]
        found = [(self.client.get(page).status_code, self.client.post(page, {"_confirmed": "1"}).status_code) for page in pages]
        self.assertEqual(found, [(403, 403)] * 5)

    def test_answer_404_for_an_item_that_is_not_there(self):
        item = make.news()
        item.pk += 1000
        self.assertEqual([self.client.get(act(item, name)).status_code for name in ["release", "withdraw", "cancel"]], [404] * 3)
