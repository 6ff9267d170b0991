"""Generated sentences: the source's facts in English, and what is said where a language lacks a form."""

import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.utils.translation import override

from delegations import sentences
from delegations.models import Assembly, Chamber, Website
from delegations.standing import standing, total
from languages.text import Written, plain, written
from tests import make

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = (ROOT / "tests" / "seed" / "delegations.en.txt").read_text().splitlines()
DAY = date(2025, 10, 7)

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    call_command("load_content", str(ROOT / "content"), stdout=StringIO())


@pytest.fixture
def english():
    with override("en"):
        yield


# What a sentence of the source says, read by hand-written rules for its few forms.


class Members(NamedTuple):
    number: int
    word: str  # deputy, member or senator
    chamber: str  # '' where the source names none


class Consists(NamedTuple):
    parliament: str
    assembly: str
    members: tuple


class Post(NamedTuple):
    parliament: str
    office: str
    person: str


class Site(NamedTuple):
    owner: str
    address: str


WORDS = {"deputies": "deputy", "members": "member", "senators": "senator"}
# How the source goes on after a chamber: the parliament, in one place a shorter name of it, or the country.
WHOLE = "(?: of (?:the (?:National Assembly|Supreme Assembly) of the Republic of .*|the Parliament of .*|the Russian Federation))?"


def consists(sentence):
    """A Consists, or None where the sentence is another one."""
    found = re.fullmatch(r"Delegation of the (.+) to the (.+?) (?:consists of|is represented by) (.+)\.", sentence)
    if not found:
        return None
    members = re.findall(r"(\d+) (deputies|members|senators)(.*?)(?= and \d|$)", found[3])
    return Consists(found[1], found[2], tuple(Members(int(n), WORDS[word], chamber(rest)) for n, word, rest in members))


def chamber(words):
    """“House of Representatives” of “ from the House of Representatives of the National Assembly of …”."""
    return re.fullmatch(rf"(?: of the Russian Federation| (?:from|of) the (.+?){WHOLE})?", words)[1] or ""


def post(sentence):
    found = re.fullmatch(r"Plenipotentiary [Rr]epresentative of the (.+?)(?:(?:, | - )(deputy .+))?: (.+)", sentence)
    return found and Post(found[1], found[2] or "", found[3])


def site(sentence):
    found = re.fullmatch(rf"Website of the (.+?){WHOLE}: (\S+)", sentence)
    return found and Site(found[1], found[2])


TOLD = [consists(line) or post(line) or site(line) for line in SOURCE]


# The same facts from the records.


def facts(day=DAY):
    """What the records say, in the order of the register, as the source would."""
    with override("en"):
        assembly = Assembly.objects.get().short_name_en
        for row in standing(day):
            members = [
                Members(found.number, str(found.member), "" if found.single else found.name.text) for found in row.chambers
            ]
            yield Consists(row.parliament.text, assembly, tuple(members))
            if row.plenipotentiary.person:
                office = row.plenipotentiary.office
                yield Post(
                    row.parliament.text, written(office, "name").text if office else "",
                    written(row.plenipotentiary.person, "name").text,
                )
            for found in Website.objects.filter(delegation=row.delegation, source__published=day).order_by("order"):
                owner = found.chamber.name_en if found.chamber else row.parliament.text
                yield Site(owner, found.address)


def test_every_sentence_of_the_source_is_read():
    assert [type(told).__name__ for told in TOLD] == [
        "Consists", "Post", "Site", "Site", "Consists", "Post", "Consists", "Post", "Site", "Consists", "Post", "Consists",
    ]
    assert TOLD[0] == Consists(
        "National Assembly of the Republic of Belarus", "CSTO PA",
        (Members(7, "deputy", "House of Representatives"), Members(4, "deputy", "Council of the Republic")),
    )
    assert TOLD[4].members[1] == Members(8, "member", "Senate")
    assert TOLD[9].members == (Members(10, "deputy", "State Duma"), Members(12, "senator", ""))
    assert TOLD[8] == Site("Supreme Council of the Kyrgyz Republic", "http://www.kenesh.kg/")


def test_the_records_state_the_facts_of_each_sentence_of_the_source(content):
    """But for one name: the source means the Federation Council and does not say so; an earlier version of it does."""
    named = [
        told._replace(members=tuple(row._replace(chamber="Federation Council" if row.word == "senator" else row.chamber)
                                    for row in told.members)) if isinstance(told, Consists) else told
        for told in TOLD
    ]
    assert list(facts()) == named
    assert Chamber.objects.get(name_en="Federation Council").name_source.slug == "earlier-english-block"


def test_the_generated_sentences_state_the_facts_of_each_sentence_of_the_source(content, english):
    """Read by the same rules as the source, and after them compared by equality."""
    generated = []
    for row in standing(DAY):
        generated.append(consists(plain(sentences.consists(row))))
        if row.plenipotentiary.person:
            generated.append(post(plain(sentences.plenipotentiary(row))))
        sites = [*row.websites, *(found for chamber in row.chambers for found in chamber.websites)]
        owners = {None: row.parliament, **{chamber.chamber.pk: chamber.name for chamber in row.chambers}}
        for found in sites:
            if found.source.published == DAY:
                said = plain(sentences.website(found, owners[found.chamber_id]))
                owner, address = said.split(". Official website: ")
                generated.append(Site(owner, address))
    assert generated == list(facts())


def test_the_generated_sentence_has_the_numbers_and_names_of_the_source_in_its_order(content, english):
    source = iter([(line, told) for line, told in zip(SOURCE, TOLD, strict=True) if isinstance(told, Consists)])
    for row in standing(DAY):
        line, told = next(source)
        names = [told.parliament, *(word for members in told.members for word in [str(members.number), members.chamber] if word)]
        pattern = ".*".join(map(re.escape, names))
        assert re.search(pattern, line)
        assert re.search(pattern, plain(sentences.consists(row)))


SECRETARY = "deputy Executive Secretary of the CSTO Parliamentary Assembly"


def test_the_english_sentences_of_the_five_delegations(content, english):
    told = [(plain(sentences.consists(row)), plain(sentences.plenipotentiary(row))) for row in standing(DAY)]
    assert told == [
        (
            "Delegation of the National Assembly of the Republic of Belarus to the CSTO PA consists of "
            "7 deputies of the House of Representatives and 4 deputies of the Council of the Republic.",
            "Plenipotentiary representative of the National Assembly of the Republic of Belarus: Viktor Kogut",
        ),
        (
            "Delegation of the Parliament of the Republic of Kazakhstan to the CSTO PA consists of "
            "8 deputies of the Mazhilis and 8 members of the Senate.",
            f"Plenipotentiary representative of the Parliament of the Republic of Kazakhstan, {SECRETARY}: Viktor Rogalev",
        ),
        (
            "Delegation of the Supreme Council of the Kyrgyz Republic to the CSTO PA consists of 6 deputies.",
            "Plenipotentiary representative of the Supreme Council of the Kyrgyz Republic: Shabdanbek Alishev",
        ),
        (
            "Delegation of the Federal Assembly of the Russian Federation to the CSTO PA consists of "
            "10 deputies of the State Duma and 12 senators of the Federation Council.",
            f"Plenipotentiary representative of the Federal Assembly of the Russian Federation, {SECRETARY}: Mikhail Krotov",
        ),
        (
            "Delegation of the Supreme Assembly of the Republic of Tajikistan to the CSTO PA consists of "
            "6 deputies of the National Assembly and 6 deputies of the Assembly of Representatives.",
            "No plenipotentiary representative is named by the source.",
        ),
    ]


def test_the_sums_are_those_of_the_source(content):
    rows = standing(DAY)
    assert [row.total for row in rows] == [11, 16, 6, 22, 12]
    assert total(rows) == 67
    kinds = dict.fromkeys(Chamber.Kind.values, 0)
    for found in (chamber for row in rows for chamber in row.chambers):
        kinds[found.chamber.kind] += found.number
    assert kinds == {"lower": 31, "upper": 30, "single": 6}


# Where a language lacks a name or a form


def test_a_name_that_falls_back_carries_its_language(content):
    with override("kk"):
        belarus, kazakhstan, *_others = standing(DAY)
        assert sentences.plenipotentiary(kazakhstan)[-1] == Written("Viktor Rogalev", "en")
        assert written(kazakhstan.delegation, "parliament") == Written("Қазақстан Республикасының Парламенті", "kk")
        assert sentences.consists(belarus)[0] == Written("National Assembly of the Republic of Belarus", "en")
        assert {part.language for part in sentences.consists(kazakhstan)} == {"kk"}


def test_without_an_entered_case_a_pattern_without_cases_serves(content):
    with override("kk"):
        said = [part for part in sentences.consists(standing(DAY)[1]) if part.language == "kk"]
    assert [name in plain(said) for name in ["Парламенті: ", "Мәжіліс, 8", "Сенат, 8"]] == [True] * 3


def test_russian_names_stand_in_the_case_of_their_sentence(content):
    with override("ru"):
        belarus = plain(sentences.consists(standing(DAY)[0]))
    assert re.findall("Национальн.. собран..|Палат. представителей|Совет. Республики", belarus) == [
        "Палаты представителей", "Совета Республики"
    ]
    assert "Национального собрания Республики Беларусь" in belarus


def test_a_reader_sees_another_word_for_members_only_where_it_was_chosen(content):
    for language, expected in [("en", ["deputy", "deputy"]), ("ru", ["deputy", "member"]), ("kk", ["member", "member"])]:
        with override(language):
            assert [str(chamber.member) for chamber in standing(DAY)[0].chambers] == expected


def test_a_delegation_without_any_number_has_no_sentence(english):
    make.assembly()
    make.chamber(delegation=make.delegation())
    assert sentences.consists(standing(DAY)[0]) == []


def test_one_member_is_counted_in_the_singular(english):
    make.assembly()
    make.seats(1, chamber=make.chamber(genitive_en="the Senate", delegation=make.delegation(parliament_genitive_en="the Parliament")))
    assert plain(sentences.consists(standing(DAY)[0])) == (
        "Delegation of the Parliament to the Assembly consists of 1 deputy of the Senate."
    )


def test_three_chambers_are_joined_as_a_list(english):
    make.assembly()
    delegation = make.delegation(parliament_genitive_en="the Parliament")
    for number, name in enumerate(["A", "B", "C"], 1):
        make.seats(number, chamber=make.chamber(delegation=delegation, genitive_en=name, order=number))
    assert plain(sentences.consists(standing(DAY)[0])) == (
        "Delegation of the Parliament to the Assembly consists of 1 deputy of A, 2 deputies of B and 3 deputies of C."
    )


@pytest.mark.parametrize(
    ("reason", "seats", "plenipotentiary"),
    [
        ("vacant", "Chamber: the seats are vacant.", "The post of plenipotentiary representative is vacant."),
        (
            "not-named", "Chamber: the source does not say how many members it sends.",
            "No plenipotentiary representative is named by the source.",
        ),
        (
            "not-entered", "Chamber: the number of its members has not been entered yet.",
            "The plenipotentiary representative has not been entered yet.",
        ),
        ("not-applicable", "Chamber sends no members.", "This delegation has no plenipotentiary representative."),
    ],
)
def test_a_blank_says_why(english, reason, seats, plenipotentiary):
    make.assembly()
    chamber = make.chamber(name_en="Chamber")
    make.seats(None, chamber=chamber, reason=reason)
    make.plenipotentiary(delegation=chamber.delegation, reason=reason)
    [row] = standing(DAY)
    assert plain(sentences.blank_seats(row.chambers[0])) == seats
    assert plain(sentences.plenipotentiary(row)) == plenipotentiary


def test_what_is_not_known_for_a_day_is_said_to_be_not_known(content, english):
    row = standing(date(1900, 1, 1))[0]
    assert sentences.consists(row) == []
    assert plain(sentences.unknown_seats(row.chambers[0], date(1900, 1, 1))) == (
        "House of Representatives: how many members it sent on 1 January 1900 is not known."
    )
    assert plain(sentences.plenipotentiary(row)) == "Who was plenipotentiary representative on this day is not known."
