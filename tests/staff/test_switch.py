"""Journeys over the language switch of a form, in a real browser and under the administration's security policy."""

from django.contrib.auth.models import Permission

from delegations.models import Chamber, Person
from tests import make
from translations import ledger

FORM = "/admin/news/newsitem/{}/change/"


def pressed(page):
    """The language shown, which is the only stop of the bar for Tab."""
    shown = page.locator(".switch__button[aria-pressed=true]")
    assert page.locator(".switch__button[tabindex='0']").all_inner_texts() == shown.all_inner_texts()
    return shown.get_attribute("data-code")


def button(page, code):
    return page.locator(f".switch__button[data-code={code}]")


def counts(page):
    return {b.get_attribute("data-code"): b.locator(".switch__count > :first-child").inner_text() for b in page.locator(".switch__button").all()}


def states(page):
    return {b.get_attribute("data-code"): b.locator(".switch__state").inner_text() for b in page.locator(".switch__button").all()}


def visible(page, field):
    """Languages whose control of a field can be seen."""
    found = page.locator(f"[class*=mt-field-{field}-]:visible").all()
    return [control.get_attribute("lang") for control in found]


def focused(page):
    return page.evaluate("document.activeElement.id")


def save(page):
    with page.expect_navigation():
        page.locator("[name=_continue]").click()


def test_chooses_a_language_by_mouse_and_keyboard_and_remembers_it(visit, sign_in):
    sign_in(make.superuser())
    item = make.news(original_language="ru", title_ru="Новость", title_en="", body_en="", body_ru="<p>Текст.</p>")
    page = visit(FORM.format(item.pk))
    assert (pressed(page), visible(page, "title")) == ("ru", ["ru"])  # the original, before anything was chosen
    button(page, "kk").click()
    assert (visible(page, "title"), visible(page, "body")) == (["kk"], ["kk"])
    assert page.locator(".field-title_kk .mt-source__text").inner_text() == "Новость"
    page.goto(FORM.format(item.pk))
    assert pressed(page) == "kk"
    for key, expected in [("ArrowRight", "ky"), ("End", "tg"), ("ArrowRight", "en"), ("ArrowLeft", "tg"), ("Home", "en")]:
        button(page, pressed(page)).press(key)
        assert (pressed(page), page.evaluate("document.activeElement.dataset.code")) == (expected, expected)
    page.locator("#id_body_en").press("Alt+Shift+ArrowLeft")
    assert (pressed(page), focused(page)) == ("tg", "id_body_tg")
    page.locator("#id_body_tg").press("Alt+Shift+ArrowRight")
    assert (pressed(page), focused(page)) == ("en", "id_body_en")
    for asked in ["?lang=hy", "#hy"]:
        page.goto("about:blank")
        page.goto(FORM.format(item.pk) + asked)
        assert pressed(page) == "hy"


def test_counts_follow_typing_and_no_language_is_lost_on_saving(visit, sign_in):
    sign_in(make.superuser())
    item = make.news(title_ru="Новость", body_ru="<p>Было 26 актов.</p>", body_en="<p>There were 26 acts.</p>", title_tg="Хабар")
    ledger.approve(item, "ru")
    before = ledger.texts(item)
    item.body_en = "<p>There were 28 acts.</p>"
    item.save()
    ledger.written(item, before)
    page = visit(FORM.format(item.pk) + "?lang=ru")
    missing = dict.fromkeys(["be", "kk", "ky", "hy", "tg"], "Missing")
    assert states(page) == {"en": "Original", "ru": "Stale", **missing}
    assert counts(page) == {"en": "2/2", "ru": "2/2", "be": "0/2", "kk": "0/2", "ky": "0/2", "hy": "0/2", "tg": "1/2"}
    assert page.locator(".field-body_ru .mt-state").inner_text() == "Stale"
    assert page.locator(".field-body_ru .mt-source__text").inner_html().strip() == "There were <del>26</del><ins>28</ins> acts."
    assert page.locator("[data-unsaved]").inner_text() == "No unsaved changes."

    button(page, "ky").click()
    page.get_by_role("button", name="Copy source: Title").click()
    assert (focused(page), counts(page)["ky"]) == ("id_title_ky", "1/2")
    button(page, "hy").click()
    page.locator("#id_lead_hy").fill("Լուր")  # its original is empty: it counts because it is there
    page.locator("#id_body_hy").fill("<p> </p>")
    assert counts(page)["hy"] == "1/3"
    button(page, "en").click()
    page.locator("#id_lead_en").fill("In short.")
    assert (counts(page)["en"], counts(page)["ru"]) == ("3/3", "2/3")
    assert page.locator("[data-unsaved]").inner_text() == "4 fields changed, not saved."
    save(page)
    item.refresh_from_db()
    assert (item.title_ky, item.lead_hy, item.lead_en, item.title_ru) == (item.title_en, "Լուր", "In short.", "Новость")
    assert pressed(page) == "en"


def test_an_error_calls_for_its_language(visit, sign_in):
    sign_in(make.superuser())
    item = make.news()
    page = visit(FORM.format(item.pk))
    page.locator("#id_title_en").fill("")
    button(page, "kk").click()
    page.locator("#id_title_kk").fill("Жаңалық")
    save(page)
    assert pressed(page) == "en"
    assert button(page, "en").locator(".switch__error").inner_text() == "1 error"
    button(page, "kk").click()
    assert page.locator("#id_title_kk").input_value() == "Жаңалық"
    assert page.locator("[data-unsaved]").inner_text() == "Not saved yet."
    link = page.locator(".errorjump a")
    assert link.locator("..").inner_text() == "Title English: The original needs a title."
    link.click()
    assert (pressed(page), focused(page)) == ("en", "id_title_en")


def test_rows_added_to_an_inline_obey_it(visit, sign_in):
    sign_in(make.superuser())
    delegation = make.delegation()
    make.chamber(delegation=delegation, name_en="Senate")
    page = visit(f"/admin/delegations/delegation/{delegation.pk}/change/?lang=ru")
    assert (visible(page, "country"), visible(page, "name")) == (["ru"], ["ru"])
    page.locator("#chambers-group .add-row a").click()
    assert visible(page, "name") == ["ru", "ru"]
    button(page, "en").click()
    assert visible(page, "name") == ["en", "en"]
    before = counts(page)
    page.locator("#id_chambers-1-name_en").fill("House")
    assert (before["en"], counts(page)["en"], counts(page)["kk"]) == ("6/6", "7/7", "0/7")
    button(page, "ru").click()
    row = page.locator("#chambers-1")
    assert row.locator(".field-name_ru .mt-source__text").inner_text() == "House"
    row.get_by_role("button", name="Copy source: Name").click()
    page.locator("#id_chambers-1-slug").fill("house")
    page.locator("#id_chambers-1-kind").select_option("lower")
    save(page)
    assert list(Chamber.objects.filter(slug="house").values_list("name_en", "name_ru")) == [("House", "House")]


def test_a_new_item_follows_the_original_language_that_is_chosen(visit, sign_in):
    sign_in(make.superuser())
    page = visit("/admin/news/newsitem/add/")
    assert (pressed(page), page.locator(".switch__state").count(), counts(page)["en"]) == ("en", 0, "0/2")
    assert page.locator("[data-mt-lang] label.required:visible").all_inner_texts() == ["Title English", "Body English"]
    page.locator("#id_original_language").select_option("ky")
    button(page, "ky").click()
    assert page.locator("[data-mt-lang] label.required:visible").all_inner_texts() == ["Title Кыргызча", "Body Кыргызча"]
    assert page.locator("#switch-source option:checked").inner_text() == "Кыргызча (original)"


def test_who_may_only_look_has_the_switch_and_without_script_all_languages_are_there(visit, sign_in, browser, context, live_server):
    user = make.user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_newsitem"))
    sign_in(user)
    item = make.news(title_ky="Жаңылык")
    page = visit(FORM.format(item.pk) + "?lang=ky")
    assert (pressed(page), counts(page)["ky"]) == ("ky", "1/2")
    assert page.locator(".field-title_ky .readonly").is_visible() and not page.locator(".field-title_en .readonly").is_visible()
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(live_server.url + FORM.format(item.pk))
    assert page.locator("[class*=field-title_]:visible").count() == 7
    plain.close()


def test_autocompletes_calendars_and_windows_work_under_the_security_policy(visit, sign_in):
    sign_in(make.superuser())
    delegation = make.delegation(country_en="Tajikistan")
    item = make.news()
    page = visit(FORM.format(item.pk))
    page.get_by_label("Delegations").last.fill("tajik")
    page.locator(".select2-results__option--highlighted", has_text="Tajikistan").click()
    page.locator("#calendarlink0").click()
    page.locator("#calendarin0 td a", has_text="15").first.click()
    with page.expect_popup() as popup:
        page.locator("#add_id_people").click()
    window = popup.value
    window.locator("#id_slug").fill("viktor-kogut")
    window.locator("#id_name_en").fill("Viktor Kogut")
    with window.expect_event("close"):
        window.locator("[name=_save]").click()
    page.locator(".select2-selection__choice", has_text="Viktor Kogut").wait_for()
    save(page)
    item.refresh_from_db()
    assert (list(item.delegations.all()), list(item.people.all()), item.date.day) == ([delegation], list(Person.objects.all()), 15)
