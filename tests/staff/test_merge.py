from delegations.models import Chamber, Delegation
from news.models import NewsItem
from staff.words import difference, merged
from tests import make
from tests.staff.test_admin import AdminTest, address, form_of


class MergeTest(AdminTest):
    def open(self, obj):
        return form_of(self.client.get(address(obj, "change", obj.pk)))

    def save(self, obj, data):
        return self.client.post(address(obj, "change", obj.pk), data)


class TwoPeople(MergeTest):
    def test_keep_both_changes_of_different_fields(self):
        item = make.news(title_ru="Было", title_kk="Болды")
        mine, theirs = self.open(item), self.open(item)
        self.save(item, {**theirs, "title_ru": "Стало", "date": "2025-10-08"})
        self.save(item, {**mine, "title_kk": "Жаңа"})
        item.refresh_from_db()
        self.assertEqual((item.title_ru, item.title_kk, str(item.date)), ("Стало", "Жаңа", "2025-10-08"))

    def test_keep_links_that_the_other_added(self):
        item, delegation = make.news(), make.delegation()
        mine, theirs = self.open(item), self.open(item)
        self.save(item, {**theirs, "delegations": [delegation.pk]})
        self.save(item, {**mine, "title_kk": "Жаңа"})
        self.assertEqual(list(item.delegations.all()), [delegation])

    def test_are_shown_both_texts_of_one_field_and_nothing_is_saved(self):
        item = make.news(title_ru="Было так")
        mine, theirs = self.open(item), self.open(item)
        self.save(item, {**theirs, "title_ru": "Было иначе"})
        response = self.save(item, {**mine, "title_ru": "Стало так", "place_ru": "Москва"})
        found = [
            (c.key, c.base, c.mine, c.theirs, c.both, c.by.username) for c in response.context["conflicts"]
        ]
        self.assertEqual(
            found, [("title_ru", "Было так", "Стало так", "Было иначе", "Стало иначе", "editor")]
        )
        self.assertEqual(response.context["adminform"].form["place_ru"].value(), "Москва")
        item.refresh_from_db()
        self.assertEqual((item.title_ru, item.place_ru), ("Было иначе", ""))

    def conflict(self):
        item = make.news(title_ru="Было так")
        mine, theirs = self.open(item), self.open(item)
        self.save(item, {**theirs, "title_ru": "Было иначе"})
        response = self.save(item, {**mine, "title_ru": "Стало так"})
        return item, {**form_of(response), "title_ru": "Стало так"}

    def test_decide_a_conflict_by_choosing(self):
        for choice, expected in [
            ({"conflict_title_ru": "mine"}, "Стало так"),
            ({"conflict_title_ru": "theirs"}, "Было иначе"),
            ({"conflict_title_ru": "both", "conflict_text_title_ru": "Стало иначе"}, "Стало иначе"),
        ]:
            with self.subTest(choice):
                item, data = self.conflict()
                self.assertEqual(self.save(item, {**data, **choice}).status_code, 302)
                item.refresh_from_db()
                self.assertEqual(item.title_ru, expected)

    def test_are_asked_again_without_a_choice(self):
        item, data = self.conflict()
        response = self.save(item, data)
        self.assertEqual([c.key for c in response.context["conflicts"]], ["title_ru"])

    def test_are_asked_again_if_a_third_change_came_in_between(self):
        item, data = self.conflict()
        NewsItem.objects.filter(pk=item.pk)
        item.refresh_from_db()
        item.title_ru = "Третье"
        item.save()
        response = self.save(item, {**data, "conflict_title_ru": "mine"})
        self.assertEqual([(c.mine, c.theirs) for c in response.context["conflicts"]], [("Стало так", "Третье")])

    def test_who_wrote_the_same_need_no_choice(self):
        item = make.news(title_ru="Было")
        mine, theirs = self.open(item), self.open(item)
        self.save(item, {**theirs, "title_ru": "Стало"})
        self.assertEqual(self.save(item, {**mine, "title_ru": "Стало"}).status_code, 302)

    def test_cannot_save_a_form_that_does_not_say_when_it_was_form_of(self):
        item = make.news()
        data = self.open(item)
        for forged in ["", "x", data["_opened"][:-2] + "xx"]:
            with self.subTest(forged):
                response = self.save(item, {**data, "_opened": forged, "title_en": "Forged"})
                self.assertEqual(response.status_code, 200)
                item.refresh_from_db()
                self.assertNotEqual(item.title_en, "Forged")


class TwoPeopleInRows(MergeTest):
    def setUp(self):
        super().setUp()
        self.delegation = make.delegation()
        self.house, self.senate = (
            make.chamber(delegation=self.delegation, slug=slug, order=order) for order, slug in enumerate(["house", "senate"])
        )

    def names(self):
        return dict(Chamber.objects.filter(delegation=self.delegation).values_list("slug", "name_ru"))

    def test_keep_both_changes_of_different_rows_and_fields(self):
        mine, theirs = self.open(self.delegation), self.open(self.delegation)
        self.save(self.delegation, {**theirs, "chambers-0-name_ru": "Палата", "chambers-1-order": "5"})
        self.save(self.delegation, {**mine, "chambers-1-name_ru": "Сенат"})
        self.senate.refresh_from_db()
        self.assertEqual((self.names(), self.senate.order), ({"house": "Палата", "senate": "Сенат"}, 5))

    def test_are_shown_both_texts_of_one_field_of_a_row(self):
        mine, theirs = self.open(self.delegation), self.open(self.delegation)
        self.save(self.delegation, {**theirs, "chambers-0-name_ru": "Палата"})
        response = self.save(self.delegation, {**mine, "chambers-0-name_ru": "Дума"})
        self.assertEqual(
            [(c.key, c.mine, c.theirs) for c in response.context["conflicts"]],
            [(f"chambers:{self.house.pk}:name_ru", "Дума", "Палата")],
        )

    def test_a_row_that_the_other_removed_is_dropped_if_untouched(self):
        mine = self.open(self.delegation)
        self.house.delete()
        self.assertEqual(self.save(self.delegation, {**mine, "chambers-1-name_ru": "Сенат"}).status_code, 302)
        self.assertEqual(self.names(), {"senate": "Сенат"})

    def test_a_row_that_the_other_removed_is_asked_about_if_touched(self):
        for choice, expected in [("theirs", {"senate": ""}), ("mine", {"house": "Палата", "senate": ""})]:
            with self.subTest(choice):
                self.setUp()
                mine = self.open(self.delegation)
                key = f"chambers:{self.house.pk}:row"
                self.house.delete()
                response = self.save(self.delegation, {**mine, "chambers-0-name_ru": "Палата"})
                self.assertEqual([c.key for c in response.context["conflicts"]], [key])
                data = {**form_of(response), f"conflict_{key}": choice}
                self.assertEqual(self.save(self.delegation, data).status_code, 302)
                self.assertEqual({slug: name or "" for slug, name in self.names().items()}, expected)

    def test_a_row_that_the_other_added_stays(self):
        mine = self.open(self.delegation)
        make.chamber(delegation=self.delegation, slug="third")
        self.save(self.delegation, {**mine, "country_ru": "Страна"})
        self.assertEqual((sorted(self.names()), Delegation.objects.get().country_ru), (["house", "senate", "third"], "Страна"))


class Words(AdminTest):
    def test_differences_are_whole_words(self):
        self.assertEqual(
            difference("26 model acts", "28 model acts"), [("out", "26"), ("in", "28"), ("same", " model acts")]
        )

    def test_two_changes_of_different_words_become_one_text(self):
        self.assertEqual(merged("one two three", "1 two three", "one two 3"), "1 two 3")

    def test_two_changes_of_one_word_stay_mine(self):
        self.assertEqual(merged("one two", "one 2", "one II"), "one 2")
