"""What a reply commits to or claims to have done: promises, discounts, stock, finished actions."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from domain.assistance.facts import FactKind
from domain.assistance.verifier import normalise
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.prose import passages
from domain.assistance.verifier.reading import Reading, Sentence
from domain.assistance.verifier.talk import Talk
from domain.assistance.verifier.verdict import FindingKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS, same_stem
from domain.assistance.verifier.wordlists import bag

_WE: Final = (
    r"(?:i|we|our team|the team|my colleagues?|a colleague|someone|somebody|our \w+"
    r"|the (?:shop|dealership|manager|label|owner))"
)
_WILL: Final = r"(?:\s?'ll|\swill|\sshall|\s(?:am|are|is)\sgoing\sto|\s?'(?:m|re)\sgoing\sto|\sgonna)"
_ADVERB: Final = (
    r"(?:\s(?:also|then|just|now|gladly|happily|certainly|definitely|personally|surely|try\sto|be\ssure\sto"
    r"|make\ssure\sto|be))*"
)
_HARMLESS: Final = (
    "help|helping|assist|assisting|check|checking|look|looking|search|searching|find|finding|see|need|needing"
    "|require|try|happy|glad|able"
    "|confirm|wait|waiting|recap|explain|let|show|tell|ask|know|have\\sto|want|like|love|take\\sa\\slook"
    "|go\\sover|go\\sahead|do\\smy\\sbest|do\\sthat"
    "|also|not|never|talk\\sto\\syou|miss|be|do\\sit\\sonly|do\\sthe\\ssearch|do\\sa|pass\\sthis\\son"
    "|pass\\sit\\son|pass\\syour|forward\\sthis"
)
_BOOKING: Final = (
    "book|booking|reserve|reserving|schedule|scheduling|rent|renting|buy|buying|purchase|make\\s(?:a|the"
    "|your)\\s(?:reservation|booking)|set\\sup"
    "|set\\sthat|place|get\\syou|take\\sit|give\\syou|do\\sit"
)
_FAVOURS: Final = (
    "refund|waive|hold|deliver|upgrade|extend|price[\\s-]match|match|throw\\sin|replace|compensate|reimburse"
    "|credit|discount|knock|lower|reduce|beat"
    "|offer\\syou\\sa\\s(?:better|lower|special)|give\\syou\\s(?:a\\s(?:better|lower|special|discount)|\\d)"
)

_PROMISE: Final = re.compile(
    rf"\b{_WE}{_WILL}{_ADVERB}\s(?!(?:{_HARMLESS})\b)(?P<verb>\w+)|"
    r"\b(?:i|we)\s(?:can|do|hereby)?\s?(?:promise|guarantee|assure|swear|vouch|commit)\b|\bguaranteed?\b"
    r"|\bguarantees\b|\brest\sassured\b"
    r"|\byou\shave\s(?:my|our)\sword\b|\bwithout\sfail\b|\bcount\son\s(?:us|me|it)\b|\byou\scan\scount\son\b"
    r"|\bmy\spromise\b|\bwe\spromise\b"
    r"|\byou(?:\swill|'ll)\s(?:definitely\s|certainly\s|surely\s|also\s|then\s|soon\s)*(?:receive|get|hear"
    r"|be\s(?:called|contacted|refunded|paid|credited|notified)|find\sit\sin)\b"
    r"|\b(?:will|shall|'ll)\s(?:definitely\s|certainly\s|surely\s|soon\s)*be\s(?:\w+ly\s)?(?:refunded|credited"
    r"|delivered|shipped|sent|called|contacted|replaced|waived"
    r"|reimbursed|compensated|upgraded|repaired|fixed|resolved|with\syou|at\syour\sdoor|released|approved)\b"
    r"|\bexpect\s(?:a|our|my|the|your)\s(?:\w+\s)?(?:call|reply|refund|email|e-mail|delivery|answer|package"
    r"|parcel)\b"
    rf"|\b(?:we|i)\s(?:can|could|would|are\shappy\sto|'d\sbe\shappy\sto|am\shappy\sto)\s(?:also\s|even\s"
    rf"|gladly\s)?(?:{_FAVOURS})\b"
    r"|\b(?:someone|somebody|a\scolleague|a\stechnician|our\s\w+)\s(?:calls|will\scall|will\scontact)\b"
)
_DISCOUNT: Final = re.compile(
    r"(?:\d[\d.,]{0,20}|\w{1,40})\s?(?:%|percent)\s?(?:off|discount|less|cheaper|reduction|rebate)\b"
    r"|[$€£]\s?\d[\d.,]{0,20}\s?(?:off|less|cheaper|discount)\b"
    r"|\b\d[\d.,]{0,20}\s(?:dollars|bucks|euros|pounds)\s(?:off|less|cheaper)\b"
    r"|\b(?:discount(?:ed|s)?|rebates?|coupons?|promo(?:tion(?:al)?s?)?(?:\scodes?)?|vouchers?"
    r"|mark(?:ed)?[\s-]?down|price[\s-]match\w*|sale\sprice|half[\s-]price|half\soff"
    r"|special\s(?:price|offer|deal|rate|discount)|(?:family|insider|employee|loyalty|introductory|early[\s-]bird"
    r"|seasonal|clearance)\s(?:price|rate|deal|pricing)|free\sof\scharge"
    r"|for\sfree|at\sno\s(?:extra\s|additional\s)?(?:cost|charge)|no\s(?:extra\s|additional\s)?(?:cost|charge)\b"
    r"|no\sfees?|without\s(?:extra\s)?(?:charge|fee)|complimentary|on\sthe\shouse|on\sus|free\s(?!to\b|of\b"
    r"|entry\b|and\b|for\b)\w+"
    r"|cash\s?back|waiv(?:e|ed|ing)|throw(?:n)?\sin|gratis|buy\sone|two\sfor\sone|bonus(?:es)?|lower(?:ed)?\s(?:the\s"
    r"|our\s)?price|reduc(?:e|ed|ing)\s(?:the\s|our\s)?price"
    r"|drop(?:ped)?\sthe\sprice|better\s(?:price|deal|rate)|beat\s(?:any|that|their)\s\w+"
    r"|save\s(?:you\s)?(?:[$€£]|\d|up\sto|an\sextra|money))\b"
    r"|\b(?:is|are|it's|comes?|be)\s(?:completely\s|totally\s|absolutely\s|all\s)?free\b(?!\s(?:to|of|from|on|at"
    r"|until|this|next|today|tomorrow|for)\b)"
    r"|\b(?:knock|shave|slash|knocked|(?:take|cut|took)(?!\soff))\s(?:\S+\s){0,4}?off\b|\bsave\s(?:you\s)?[$€£]\d"
)
_STOCK: Final = re.compile(
    r"\b(?:only|just|last)\s(?:\w+\s){0,3}(?:left|remaining)\b|\b\w+\s(?:left|remaining)\sin\sstock\b|\b(?:the"
    r"|our|my)\slast\s(?:one|unit|copy|piece|room)\b|\bplenty\s(?:in\sstock|left|available)\b"
    r"|\b(?:sold\sout|out\sof\sstock|back\sin\sstock|back-?order(?:ed)?|discontinued|no\slonger\savailable"
    r"|almost\sgone|selling\sfast|going\sfast|high\sdemand"
    r"|while\s(?:supplies|stocks?)\slast|limited\s(?:stock|availability|supply|quantity)|more\sare\scoming"
    r"|restock\w*)\b"
)
_DONE_VERBS: Final = (
    "booked|reserved|rented|scheduled|cancell?ed|refunded|sent|e-?mailed|updated|changed|ordered|processed"
    "|shipped|charged|credited|issued|arranged|purchased|bought|registered"
    "|transferred|forwarded|escalated|placed|made|completed|confirmed|approved|waived|extended|signed|applied"
    "|removed|added|paid|activated|released|delivered"
)
_ACTION: Final = re.compile(
    rf"\b(?:i|we)(?:'ve|\shave)\s(?:\w+ly\s|already\s|just\s|now\s|also\s)*(?P<one>{_DONE_VERBS})\b(?!\s(?:a|an"
    rf"|some|any|no)?\s?(?:look|note|search))"
    rf"|\b(?:has|have)\s(?:\w+ly\s|already\s|just\s|now\s|also\s)*been\s(?:\w+ly\s"
    rf"|already\s)*(?P<two>{_DONE_VERBS})\b"
    rf"|\byour\s(?:\w+\s){{1,4}}(?:is|are|was|were)\s(?:\w+ly\s|now\s|all\s|already\s)*(?P<three>{_DONE_VERBS}"
    rf"|successful|complete)\b"
    rf"|\b(?:i|we)\s(?:just\s|already\s|\w+ly\s)?(?P<four>booked|reserved|cancell?ed|refunded|sent|emailed"
    rf"|scheduled|credited|waived|called|ordered|shipped)\b"
    r"|\b(?:i|we)(?:'ve|\shave)?\s(?:already\s|just\s)?(?P<seven>put|set|held)\s(?:\w+\s){1,3}aside\b"
    r"|\byou(?:'ve|\shave)?\s(?:already\s)?(?P<six>booked|reserved|ordered|bought)\b"
    r"|\b(?:is|are)\s(?:now\s|already\s|successfully\s)(?P<five>booked|reserved|cancell?ed|refunded|scheduled"
    r"|shipped|confirmed)\b"
)
_NOT: Final = re.compile(r"(?:\b(?:no|not|never|cannot|unable\sto|without)\b|n't)\s(?:\w+\s){0,4}$")
_CONDITION: Final = re.compile(
    r"\?|\bconfirm|\bif\syou|\bonce\syou|\bwhen\syou|\bafter\syou|\bas\ssoon\sas\syou|\bplease\b"
)
_ENOUGH: Final = 20
"""So many reasons of this sort are enough to refuse a reply."""
_LEAD: Final = 200
"""Characters before a match in which it may be denied."""
_BOOKING_START: Final = re.compile(rf"(?:{_BOOKING})\b")
_BOOKED: Final = bag(
    "booked reserved rented scheduled purchased bought confirmed made completed placed successful complete"
    " arranged processed ordered"
)


_STAYS: Final = bag("reserve reservation rent rental booking hold stay hotel room check")
_PURCHASES: Final = bag("order purchase ticket invoice sale receipt bought")
_FAMILIES: Final = {
    "reserved": _STAYS,
    "rented": _STAYS,
    "purchased": _PURCHASES,
    "bought": _PURCHASES,
    "ordered": _PURCHASES,
}


@dataclass(frozen=True, slots=True)
class Commitment:
    """A stretch of the folded text that commits to or reports something no source bears out."""

    kind: FindingKind
    start: int
    end: int
    reason: str


def commitments(reading: Reading, catalogue: Catalogue, talk: Talk) -> list[Commitment]:
    """The promises, discounts, stock claims and reports of finished actions that no source states, up to a few."""
    return list(islice(_commitments(reading, catalogue, talk), _ENOUGH))


def _commitments(reading: Reading, catalogue: Catalogue, talk: Talk) -> Iterator[Commitment]:
    for sentence in reading.sentences:
        text = reading.lower[sentence.start : sentence.end]
        yield from _stated(
            _DISCOUNT, FindingKind.DISCOUNT, "No source states this discount or favour.", sentence, text, catalogue
        )
        yield from _stated(_STOCK, FindingKind.STOCK, "No source states how many are left.", sentence, text, catalogue)
        yield from _promised(sentence, text, reading.lower, catalogue)
        yield from _done(sentence, text, catalogue, talk)


def _stated(
    pattern: re.Pattern[str], kind: FindingKind, reason: str, sentence: Sentence, text: str, catalogue: Catalogue
) -> Iterator[Commitment]:
    for match in pattern.finditer(text):
        if not _denied(text, match) and not _asks_for(text, match) and not _borne_out(match.group(), text, catalogue):
            yield Commitment(kind, sentence.start + match.start(), sentence.start + match.end(), reason)


def _denied(text: str, match: re.Match[str]) -> bool:
    return _NOT.search(text[max(0, match.start() - _LEAD) : match.start()]) is not None


def _asks_for(text: str, match: re.Match[str]) -> bool:
    """Whether nothing is given away: "Do you have a promo code?", "feel free"."""
    before = text[max(0, match.start() - _LEAD) : match.start()]
    return bool(
        re.search(
            r"\b(?:do|did)\syou\s(?:have|hold|own)\s(?:\w+\s){0,2}$|\bfeel\s$|\b(?:smoke|hands|toll)[\s-]$", before
        )
    )


def _promised(sentence: Sentence, text: str, whole: str, catalogue: Catalogue) -> Iterator[Commitment]:
    for match in _PROMISE.finditer(text):
        verb = match.group("verb")
        booking = verb is not None and _BOOKING_START.match(text, match.start("verb"))
        if booking and _CONDITION.search(whole):
            continue
        borne_out = _borne_out(match.group(), text, catalogue, promises=True)
        if not borne_out and not _denied(text, match):
            yield Commitment(
                FindingKind.PROMISE,
                sentence.start + match.start(),
                sentence.start + match.end(),
                "No policy states this promise.",
            )


def _done(sentence: Sentence, text: str, catalogue: Catalogue, talk: Talk) -> Iterator[Commitment]:
    for match in _ACTION.finditer(text):
        verb = next(group for group in match.groups() if group)
        if _denied(text, match) or text.rstrip().endswith("?") or _on_record(verb, catalogue, talk):
            continue
        yield Commitment(
            FindingKind.ACTION,
            sentence.start + match.start(),
            sentence.start + match.end(),
            "No record shows that this was done.",
        )


def _on_record(verb: str, catalogue: Catalogue, talk: Talk) -> bool:
    """A booking rests on a record, or on what a service answered since the customer's last message.

    Anything else rests on a record that says so.
    """
    if verb in _BOOKED:
        fresh = talk.last_customer_sequence
        return any(
            (fresh > 0 and row.fact.known_since >= fresh) or (row.fact.kind is FactKind.RECORD and _shows(row, verb))
            for row in catalogue.rows
        )
    return any(
        row.fact.kind is FactKind.RECORD
        and any(same_stem(verb, word) for value in row.values for word in normalise.words(value.raw))
        for row in catalogue.rows
    )


def _shows(row: Row, verb: str) -> bool:
    """Whether a record is of the sort that a verb needs: a car is not reserved because a visit was arranged."""
    family = _FAMILIES.get(verb)
    said = normalise.words(f"{row.fact.service} {row.fact.title} {' '.join(row.fact.fields)}".replace("_", " "))
    return family is None or any(same_stem(word, one) for word in said for one in family)


def _borne_out(said: str, sentence: str, catalogue: Catalogue, *, promises: bool = False) -> bool:
    """Whether prose or a field speaks of the same: its telling words, and something of the sentence around them."""
    telling = {word for word in normalise.words(said) if word not in FUNCTION_WORDS and not word.isdigit()}
    if not telling:
        return False
    around = {word for word in normalise.words(sentence) if word not in FUNCTION_WORDS} - telling
    for text in _texts(catalogue):
        held = normalise.words(text)
        if not all(any(same_stem(word, one) for one in held) for word in telling):
            continue
        is_about = (promises and not around) or _touches(around, held)
        if is_about and (not promises or _PROMISE.search(text.lower())):
            return True
    return False


def _touches(around: Collection[str], held: Collection[str]) -> bool:
    return any(same_stem(word, one) for word in around for one in held if one not in FUNCTION_WORDS)


def _texts(catalogue: Catalogue) -> Iterator[str]:
    for fact in catalogue.prose:
        yield from passages(fact.text)
    for row in catalogue.rows:
        for value in row.values:
            if value.raw.strip().lower() not in {"false", "no", "0", "none"}:
                yield f"{value.name.replace('_', ' ')} {value.raw}"
