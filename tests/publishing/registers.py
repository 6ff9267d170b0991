"""Random content: every model, all languages, odd characters, blanks, dates known and unknown, releases of every kind."""

from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from delegations import models
from languages import CODES
from languages.text import column, translated_fields, translated_models
from news.models import NewsItem
from publishing.erase import erase
from publishing.models import Picture
from publishing.release import ReleaseError, readdress
from tests.publishing.histories import History
from translations import ledger

WORDS = [
    "Sergei", "Мәжіліс", "Հայաստանի", "Тоҷикӣ", "“said”", "«так»", "O’Neil", "<b>", "&amp;", '"', "\\n", "\\", "null", "№ 5",
    "1–2", "…", "é", "e\u0301", "Ё", "𝔘", "🕊️", "\u00a0", "\u2028", "a\tb", "{%", "%(x)s", "ß", "\u200d", "0",
]
LINES = [
    "<p>Plain.</p>", '<p class="speech hang">“Said.”</p>', "<h2>Head &amp; tail</h2>", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
    '<p lang="ru">Слово <em>за</em> словом</p>', "<p>St.&nbsp;Petersburg</p>", "<blockquote><p>1 &lt; 2</p></blockquote>",
    "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>", '<p><a href="/en/news/">news</a> 🕊️</p>',
]
DAY = date(2025, 10, 7)


class Register:
    """Fills the database from one seed."""

    def __init__(self, random, clock):
        self.random, self.clock, self.serial = random, clock, 0
        models.Assembly(**self.texts(models.Assembly), email=self.maybe("a@example.org", ""), time_zone="Asia/Dushanbe").save()
        self.sources = self.some(models.Source, 1, 4, lambda: {
            "published": self.day(), "retrieved": None, "address": self.maybe("http://example.org/a?b=c&d=%20", ""),
            "note": self.prose(),
        })
        self.offices = self.some(models.Office, 0, 2, dict)
        self.pictures = [self.picture() for _number in range(random.randint(1, 2))]
        self.people = self.some(models.Person, 2, 5, lambda: {
            "portrait": self.maybe(random.choice(self.pictures)), "gender": random.choice(["", "female", "male"])
        })
        for person in self.people:
            for _number in range(random.choice([0, 0, 1, 2])):
                self.add(models.PersonName, person=person, text=self.line() + "x", language=self.maybe("ru", ""),
                         kind=random.choice(models.PersonName.Kind.values))
        self.delegations = [self.delegation(code) for code in ["BY", "KZ", "KG"][: random.randint(1, 3)]]
        self.news = [self.item() for _number in range(random.randint(1, 4))]
        self.translations()
        self.moves()

    # Values

    def maybe(self, value, nothing=None):
        return value if self.random.random() < 0.6 else nothing

    def line(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 4)))

    def prose(self):
        return self.maybe("\n\n".join(self.line() for _number in range(self.random.randint(1, 3))), "")

    def html(self):
        return self.random.choice(["\n", ""]).join(self.random.choices(LINES, k=self.random.randint(1, 4)))

    def day(self):
        return self.maybe(DAY + timedelta(days=self.random.randint(-400, 100)))

    def key(self, kind):
        self.serial += 1
        return f"{kind}-{self.serial}"

    def texts(self, model, always="en"):
        """Texts in random languages, and in one always."""
        found = {}
        for name in translated_fields(model):
            codes = {always, *self.random.sample(CODES, self.random.randint(0, len(CODES)))}
            for code in codes:
                found[column(name, code)] = self.html() if name == "body" else self.line() + "x"
        return found

    # Records

    def add(self, model, **fields):
        """A record, if it may be; None otherwise."""
        obj = model(**fields)
        try:
            obj.full_clean()
        except ValidationError:
            return None
        obj.save()
        return obj

    def some(self, model, least, most, fields):
        kind = model.__name__.lower()
        found = [
            self.add(model, **{"slug": self.key(kind), **self.texts(model), **fields()})
            for _number in range(self.random.randint(least, most))
        ]
        return [obj for obj in found if obj]

    def picture(self):
        content = BytesIO()
        Image.new("RGB", (3, 2), tuple(self.random.randbytes(3))).save(content, "PNG")
        picture = Picture.objects.create(
            file=ContentFile(content.getvalue(), "any.png"), credit=self.line(), focal_x=self.random.choice([0, 50, 7]), alt_en="-"
        )
        for code in CODES:
            setattr(picture, f"alt_{code}", f"{code} {picture.pk}")  # as a History expects it
        picture.save()
        return picture

    def delegation(self, code):
        delegation = self.add(
            models.Delegation, slug=self.key("delegation"), country_code=code, order=self.random.choice([0, 1, 7]),
            **self.texts(models.Delegation),
        )
        kinds = self.random.choice([["single"], ["upper", "lower"], ["lower"], ["lower", "upper", "upper"]])
        chambers = []
        for number, kind in enumerate(kinds):
            texts = self.texts(models.Chamber)
            for name in list(texts):
                if name.startswith("member_"):
                    texts[name] = self.random.choice(models.Chamber.Member.values)
                elif kind == "single":
                    del texts[name]
            chambers.append(self.add(
                models.Chamber, delegation=delegation, slug=self.key("chamber"), kind=kind, order=number,
                name_source=self.maybe(self.random.choice(self.sources)), **texts,
            ))
        if len(chambers) > 1 and self.random.random() < 0.5:
            chambers[0].successor = chambers[1]
            chambers[0].save()
        for _number in range(self.random.randint(0, 2)):
            self.add(
                models.Website, delegation=delegation, chamber=self.maybe(self.random.choice(chambers)),
                address=f"http://www.{self.key('site')}.example/ru/?q=%20", language=self.maybe("ru", ""),
                source=self.random.choice(self.sources), order=self.random.randint(0, 2),
            )
        for _number in range(6):
            self.facts(delegation, chambers)
        return delegation

    def facts(self, delegation, chambers):
        """One of each kind, as far as they may be."""
        reason = self.random.choice(["vacant", "not-named", "not-entered", "not-applicable"])
        chamber = self.random.choice(chambers)
        number = {"number": self.random.randint(0, 20)} if self.random.random() < 0.7 else {"reason": reason}
        self.add(models.Seats, chamber=chamber, **number, **self.dates(number))
        person = {"person": self.random.choice(self.people)} if self.random.random() < 0.7 else {"reason": reason}
        office = {"office": self.maybe(self.random.choice(self.offices or [None]))} if "person" in person else {}
        self.add(models.Plenipotentiary, delegation=delegation, **person, **office, **self.dates(person))
        self.add(
            models.Membership, person=self.random.choice(self.people), chamber=chamber,
            delegation=delegation, role=self.random.choice(models.Membership.Role.values), **self.texts(models.Membership),
            **self.dates({}),
        )

    def dates(self, value):
        blank = value.get("reason") == "not-entered"
        return {
            "since": self.day(), "until": self.random.choice([None, self.day()]), "ended": self.random.random() < 0.2,
            "source": None if blank else self.random.choice(self.sources), "confirmed_on": self.day(),
            "confirmed_by": self.maybe(self.random.choice(self.sources)),
        }

    def item(self):
        """A news item with a random past, then some unreleased writing."""
        known = [picture.pk for picture in self.pictures]  # an erasure takes its pictures along
        self.pictures = list(Picture.objects.filter(pk__in=known).order_by("pk")) or [self.picture()]
        history = History(self.random, self.clock, self.people, self.pictures)
        for _step in range(self.random.randint(0, 8)):
            history.step()
            if history.plain.erased:
                return history.item
        if self.random.random() < 0.15:
            erase(history.item, "A person’s right.")
            return NewsItem.objects.get(pk=history.item.pk)
        item = NewsItem.objects.get(pk=history.item.pk)
        if self.random.random() < 0.5:
            kept = item.original_language
            for name, text in self.texts(NewsItem, always=kept).items():
                setattr(item, name, text)
            item.source, item.picture = self.maybe(self.sources[0]), self.maybe(self.random.choice(self.pictures))
            item.save()
            item.delegations.set(self.random.sample(self.delegations, self.random.randint(0, len(self.delegations))))
        return item

    def translations(self):
        """Every state of the ledger."""
        for obj in [obj for model in translated_models() for obj in model.objects.order_by("pk")]:
            if str(getattr(obj, "slug", "")).startswith("erased"):
                continue
            ledger.record(obj)
            fields = translated_fields(type(obj))
            for code in self.random.sample(CODES, 3):
                if code == obj.source_language:
                    continue
                act = self.random.choice(["approve", "through", "suggest", "behind", "none"])
                if act in {"approve", "behind"}:
                    ledger.approve(obj, code)
                if act == "through":
                    through = self.random.choice([other for other in CODES if other not in {code, obj.source_language}])
                    with suppress(ValueError):  # nothing there, or a circle
                        ledger.approve(obj, code, source_language=through)
                if act == "suggest":
                    ledger.suggest(obj, fields[0], code, self.line())
                if act == "behind" and ledger.text_of(obj, fields[0], code):
                    setattr(obj, column(fields[0], code), "Behind our back")
                    obj.save()
            if self.random.random() < 0.4 and ledger.text_of(obj, fields[0], obj.source_language):
                setattr(obj, column(fields[0], obj.source_language), "Another original")
                obj.save()
            ledger.record(obj, CODES)

    def moves(self):
        """Former addresses, and what was erased."""
        for obj in [*self.people, *self.delegations, *self.news]:
            if self.random.random() < 0.3:
                with suppress(ReleaseError):  # erased
                    readdress(obj, self.key("moved"))
        if self.random.random() < 0.4:
            erase(self.random.choice(self.people), "A court’s order.")
