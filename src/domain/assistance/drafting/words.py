"""Plain conversation English: what a message does, apart from what it is about.

All patterns match folded text (`fold`).
"""

import re
from typing import Final

_QUOTES: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})

_GOOD: Final = (
    r"(?:good|great|fine|perfect|nice|lovely|wonderful|awesome|cool|excellent|ideal|okay|ok|right|correct|"
    r"amazing|fantastic|interesting|acceptable)"
)

AFFIRM: Final = re.compile(
    r"^\W*(?:(?:oh|well|and|great|perfect|thanks|thank you|ok|okay)\W+)?"
    r"(?:yes|yea|yeah|yep|yup|ya|sure|certainly|absolutely|definitely|indeed|correct|exactly|right|"
    r"of course|please do|go ahead|go for it|do it|let'?s do|affirmative|alright|all right|ok|okay|"
    r"i (?:would|do|sure)\b|that(?:'s| is) (?:right|correct)|sounds? " + _GOOD + r")\b"
)
NEGATE: Final = re.compile(
    r"^\W*(?:(?:oh|well|sorry|actually|thanks|thank you)\W+)?"
    r"(?:no|nope|nah|not|never|nothing|negative|i don'?t|i do not|neither|that(?:'s| is) not|now now)\b"
)
THANKS: Final = re.compile(r"\b(?:thank|thanks|thx|appreciat\w*|grateful|cheers|thankful)")
CLOSING: Final = re.compile(
    r"\b(?:bye|goodbye|see you|farewell|have a (?:good|nice|great|lovely|wonderful)|take care|"
    r"that(?:'s| is|'ll be| will be| would be|s)? (?:all|it|everything)\b|all i need|all for now|"
    r"nothing (?:else|more|further)|no more|i'?m (?:good|done|all set)|all set|all good|i am (?:good|done)|"
    r"don'?t need (?:any|you|more|further|help)|do not need|that (?:was|is) (?:what|all) i)"
)
ALTERNATIVE: Final = re.compile(
    r"\b(?:others?|another|else|alternatives?|different|instead|any more|"
    r"(?:more|further) (?:options|choices|results|cars|ones)|next (?:one|option)|"
    r"(?:a|any|anything|something) (?:better|cheaper|smaller|bigger|larger)|(?:would|'d) rather)\b"
)
QUESTION: Final = re.compile(
    r"\?|^\W*(?:what|when|where|which|who|how|is|are|does|do|can|could|will|would|may)\b|"
    r"\b(?:tell me|let me know|i(?:'d| would) like to know|i want to know|give me|what(?:'s| is))\b|"
    r"\bhow (?:much|many|long|far)\b"
)
INQUIRY: Final = re.compile(r"\bhow (?:much|long)\b|(?:^|[.?!,;]\s*|\band\s+)(?:what(?:'s)?|which|where)\b")
"""Asks about something, so that "booking" in it is a thing and not a wish."""
HAGGLING: Final = re.compile(
    r"\b(?:discounts?|rebate|negotia\w*|haggle|(?:best|last|final|lower|better|special|cheaper) (?:price|offer|deal)|"
    r"price match|room (?:in|on) the price|knock|come down|(?:something|anything|a bit) off|cheaper if)\b|"
    r"\d\s?(?:%|percent|per cent|eur\w*|€|dollars|pounds) (?:off|less|cheaper)|\boff the price\b|"
    r"\b(?:take|accept|do it for|let it go for) [€$£]?\d|\b(?:can|could|would) you (?:do|go|drop|lower)\b.*\d"
)
"""Asks for money off, which no drafter grants."""
COMPLAINT: Final = re.compile(
    r"\b(?:complain\w*|complaints?|money back|want a refund|no(?:body| one) (?:called|answered|replied)|"
    r"(?:i|we|have|been) wait(?:ed|ing) (?:\w+ ){0,3}(?:hours?|days?|weeks?|months?|forever)|"
    r"unacceptable|disappoint\w*|"
    r"angry|furious|terrible|awful|worst|scam|rip-?off|rude|broke(?:n)?(?: down)?|faulty|defect\w*|"
    r"(?:not|n't|stopped) work(?:ing)?|lawyer|sue)\b"
)
PEOPLE_ONLY: Final = re.compile(
    r"\b(?:managers?|(?:speak|talk) (?:to|with) (?:a|an|your|some\w*) \w+|real person|human|lawyer|refunds?|"
    r"invoices?|call me(?: back)?|ring me)\b"
)
"""What no drafter does: whoever wants a person."""
PLEASANTRY: Final = re.compile(
    r"\b(?:how are you|(?:can|could) you (?:please )?help(?: me)?(?: out)?\W*$|may i ask|i have a (?:quick )?question|"
    r"hope you are)"
)
WISH: Final = re.compile(r"\b(?:i(?:'d| would)? (?:like|want|need)|interested in|please|i(?:'m| am) looking)\b")
INTEREST: Final = re.compile(
    r"\b(?:saw|seen|look(?:s|ing|ed)?|like|love|interest\w*|want|need|about|considering|thinking|prefer|nice|great)\b"
)
THANKS_FOR: Final = re.compile(
    r"\bthank(?:s| you)?(?:\W+\w+){0,3}?\W+for (?:\w+ ){0,2}?(?:book|reserv|schedul|help|mak)"
)
PLEASANT: Final = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings)\b(?: there| all| everyone| team)?\W*$"
)
MORE: Final = re.compile(
    r"\b(?:anything|something|what) (?:else|more|further)\b|\b(?:further|more|other) (?:help|assist)|"
    r"assist\w* (?:you )?(?:with )?(?:further|more)"
)


def fold(text: str) -> str:
    """Lower case with plain quotes, the same length as `text` for all but a few rare letters."""
    return text.translate(_QUOTES).lower()


def closes(text: str) -> bool:
    """Whether the customer takes leave or needs nothing more."""
    return CLOSING.search(text) is not None


def only_thanks(text: str) -> bool:
    """Whether the message thanks and asks nothing."""
    return THANKS.search(text) is not None and QUESTION.search(text) is None
