"""
Sentences of the register, generated from its records in the active language.

Each function returns a list of Written, so that a name that falls back carries its language. One message counts one
thing. Where a case is not entered in the reader's language, a pattern without cases serves instead of a wrong form.
"""

from django.utils.translation import get_language, npgettext, pgettext
from django.utils.translation import gettext as _

from delegations.models import Chamber, Reason
from languages.dates import written_day
from languages.text import Written, compose, written


def consists(standing):
    """“Delegation of … consists of 7 deputies of … and 4 deputies of ….”, from a DelegationOn; [] without any number."""
    counted = [chamber for chamber in standing.chambers if chamber.number is not None]
    if not counted:
        return []
    genitive = _case(standing.delegation, "parliament_genitive")
    genitives = [chamber.single or _case(chamber.chamber, "genitive") for chamber in counted]
    if not genitive or not all(genitives):
        return compose(
            pgettext("without cases", "%(parliament)s: %(members)s."),
            parliament=written(standing.delegation, "parliament"),
            members=_joined([_nominative(chamber) for chamber in counted], pgettext("without cases", "%(some)s; %(last)s")),
        )
    members = _joined([_genitive(chamber) for chamber in counted], pgettext("consists of", "%(some)s and %(last)s"))
    if assembly := _case(standing.assembly, "short_locative"):
        return compose(
            _("Delegation of %(parliament)s to %(assembly)s consists of %(members)s."),
            parliament=genitive, assembly=assembly, members=members,
        )
    return compose(_("Delegation of %(parliament)s consists of %(members)s."), parliament=genitive, members=members)


def delegation_of(standing):
    """“Delegation of the National Assembly of the Republic of Belarus”, or the parliament's name alone."""
    if genitive := _case(standing.delegation, "parliament_genitive"):
        return compose(_("Delegation of %(parliament)s"), parliament=genitive)
    return [written(standing.delegation, "parliament")]


def blank_seats(chamber):
    """Why a chamber has no number of members, from a ChamberOn whose fact is blank."""
    sentences = {
        Reason.VACANT: _("%(chamber)s: the seats are vacant."),
        Reason.NOT_NAMED: _("%(chamber)s: the source does not say how many members it sends."),
        Reason.NOT_ENTERED: _("%(chamber)s: the number of its members has not been entered yet."),
        Reason.NOT_APPLICABLE: _("%(chamber)s sends no members."),
    }
    return compose(sentences[chamber.reason], chamber=chamber.name)


def unknown_seats(chamber, day):
    """That nobody knows a chamber's number for a day."""
    return compose(
        _("%(chamber)s: how many members it sent on %(day)s is not known."),
        chamber=chamber.name, day=written_day(day, get_language()),
    )


def plenipotentiary(standing):
    """“Plenipotentiary representative of …, deputy Executive Secretary of …: Viktor Rogalev”, or why nobody is named."""
    fact = standing.plenipotentiary
    genitive = _case(standing.delegation, "parliament_genitive")
    parts = {"parliament": genitive or written(standing.delegation, "parliament")}
    if fact and fact.person:
        parts["person"] = written(fact.person, "name")
        if fact.office:
            parts["office"] = written(fact.office, "name")
            return compose(
                _("Plenipotentiary representative of %(parliament)s, %(office)s: %(person)s")
                if genitive
                else pgettext("without cases", "%(parliament)s. Plenipotentiary representative, %(office)s: %(person)s"),
                **parts,
            )
        return compose(
            _("Plenipotentiary representative of %(parliament)s: %(person)s")
            if genitive
            else pgettext("without cases", "%(parliament)s. Plenipotentiary representative: %(person)s"),
            **parts,
        )
    return compose(blank_plenipotentiary(standing))


def post(fact):
    """“Plenipotentiary representative of …, deputy Executive Secretary of …”, of a fact with a person, without the name."""
    genitive = _case(fact.delegation, "parliament_genitive")
    parts = {"parliament": genitive or written(fact.delegation, "parliament")}
    if fact.office:
        parts["office"] = written(fact.office, "name")
        return compose(
            _("Plenipotentiary representative of %(parliament)s, %(office)s")
            if genitive
            else pgettext("without cases", "%(parliament)s. Plenipotentiary representative, %(office)s"),
            **parts,
        )
    return compose(
        _("Plenipotentiary representative of %(parliament)s")
        if genitive
        else pgettext("without cases", "%(parliament)s. Plenipotentiary representative"),
        **parts,
    )


def blank_plenipotentiary(standing):
    """Why no plenipotentiary is shown: a sentence without names, in the active language."""
    if standing.plenipotentiary_unknown and not standing.plenipotentiary:
        return _("Who was plenipotentiary representative on this day is not known.")
    reason = standing.plenipotentiary.reason if standing.plenipotentiary else Reason.NOT_ENTERED
    return {
        Reason.VACANT: _("The post of plenipotentiary representative is vacant."),
        Reason.NOT_NAMED: _("No plenipotentiary representative is named by the source."),
        Reason.NOT_ENTERED: _("The plenipotentiary representative has not been entered yet."),
        Reason.NOT_APPLICABLE: _("This delegation has no plenipotentiary representative."),
    }[reason]


def website(site, owner=None):
    """“Website of …: http://…”, from a Website and the name of its owner as Written."""
    if not owner:
        return compose(_("Official website: %(address)s"), address=Written(site.address, ""))
    return compose(
        pgettext("without cases", "%(owner)s. Official website: %(address)s"), owner=owner, address=Written(site.address, "")
    )


def members(number):
    """“67 members”."""
    return npgettext("counted", "%(count)s member", "%(count)s members", number) % {"count": number}


def counted(chamber):
    """“7 deputies”, “12 senators”, from a ChamberOn with a number."""
    forms = {
        Chamber.Member.DEPUTY: npgettext("counted", "%(count)s deputy", "%(count)s deputies", chamber.number),
        Chamber.Member.SENATOR: npgettext("counted", "%(count)s senator", "%(count)s senators", chamber.number),
        Chamber.Member.MEMBER: npgettext("counted", "%(count)s member", "%(count)s members", chamber.number),
    }
    return forms[chamber.member] % {"count": chamber.number}


def delegations(number):
    """“5 delegations of national parliaments”."""
    return npgettext(
        "counted", "%(count)s delegation of a national parliament", "%(count)s delegations of national parliaments", number
    ) % {"count": number}


def said_on(fact):
    """“According to …, 7 October 2025”: the source of a fact with the day that is known of it; [] without a source."""
    if not fact.source:
        return []
    source, language = written(fact.source, "title"), get_language()
    if fact.confirmed_on and fact.confirmed_on != fact.source.said:
        return compose(
            _("According to %(source)s; confirmed on %(day)s"), source=source, day=written_day(fact.confirmed_on, language)
        )
    return compose(_("According to %(source)s"), source=source)


def known_days(fact):
    """What is known of a fact's days: “since …”, “from … to …”, “until …”, “dates unknown”. A sentence part."""
    language = get_language()
    since, until = (day and written_day(day, language) for day in [fact.since, fact.until])
    if since and until:
        return _("from %(since)s to %(until)s") % {"since": since, "until": until}
    if until:
        return _("until %(until)s; beginning unknown") % {"until": until}
    if fact.ended:
        return _("from %(since)s; end unknown") % {"since": since} if since else _("earlier, dates unknown")
    if since:
        return _("since %(since)s") % {"since": since}
    return _("beginning unknown")


def _case(obj, field):
    """A case form in the reader's own language, or None: another language's would be a wrong form."""
    text = written(obj, field)
    return text if text.text and text.language == get_language() else None


def _genitive(chamber):
    """“7 deputies of the House of Representatives”, as it stands after “consists of”."""
    number = chamber.number
    if chamber.single:
        forms = {
            Chamber.Member.DEPUTY: npgettext("consists of", "%(count)s deputy", "%(count)s deputies", number),
            Chamber.Member.SENATOR: npgettext("consists of", "%(count)s senator", "%(count)s senators", number),
            Chamber.Member.MEMBER: npgettext("consists of", "%(count)s member", "%(count)s members", number),
        }
        return compose(forms[chamber.member], count=number)
    forms = {
        Chamber.Member.DEPUTY: npgettext(
            "consists of", "%(count)s deputy of %(chamber)s", "%(count)s deputies of %(chamber)s", number
        ),
        Chamber.Member.SENATOR: npgettext(
            "consists of", "%(count)s senator of %(chamber)s", "%(count)s senators of %(chamber)s", number
        ),
        Chamber.Member.MEMBER: npgettext(
            "consists of", "%(count)s member of %(chamber)s", "%(count)s members of %(chamber)s", number
        ),
    }
    return compose(forms[chamber.member], count=number, chamber=written(chamber.chamber, "genitive"))


def _nominative(chamber):
    """“Mazhilis, 8 deputies”."""
    if chamber.single:
        return compose("%(counted)s", counted=counted(chamber))
    return compose(pgettext("without cases", "%(chamber)s, %(counted)s"), chamber=chamber.name, counted=counted(chamber))


def _joined(phrases, pattern):
    """Lists of Written joined by a pattern with `some` and `last`; earlier ones by commas."""
    *some, last = phrases
    if not some:
        return last
    first = some[0]
    for phrase in some[1:]:
        first = compose(pgettext("list", "%(some)s, %(next)s"), some=first, next=phrase)
    return compose(pattern, some=first, last=last)
