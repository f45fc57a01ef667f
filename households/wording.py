"""Respectful notes: a helper that looks along, with a list of words and some rules. Nothing leaves this machine.

It never blocks and never changes a text by itself. It asks one question: would you read this out at their table?
"""

import re
from dataclasses import dataclass
from itertools import chain

JUDGING, HEALTH, JUSTICE, NAME, NUMBER = "judging", "health", "justice", "name", "number"

WHY = {
    JUDGING: "Dit woord oordeelt. Schrijf wat je zag of hoorde.",
    HEALTH: "Dit gaat over gezondheid. Schrijf enkel wat nodig is voor de volgende stap.",
    JUSTICE: "Dit gaat over gerecht of politie. Hoort dit hier, en wil de bewoner dat het hier staat?",
    NAME: "Dit lijkt de naam van iemand anders. Schrijf wie het is, niet hoe die heet: “haar zus”, “de huisbaas”.",
    NUMBER: "Dit lijkt een nummer waarmee je iemand vindt. Zet het bij de persoon of laat het weg.",
}

# What a word judges, and how the same can be said as a fact. A word matches with its endings: lui, luie, luier.
JUDGING_WORDS = {
    "lui": "kwam de afspraak niet na",
    "luiheid": "kwam de afspraken niet na",
    "agressief": "riep, of sloeg op tafel: schrijf wat gebeurde",
    "agressie": "schrijf wat gebeurde",
    "hysterisch": "huilde en praatte luid",
    "onverantwoord": "schrijf wat er niet gebeurde",
    "onverantwoordelijk": "schrijf wat er niet gebeurde",
    "onbetrouwbaar": "kwam twee keer niet op de afspraak",
    "leugenaar": "vertelde het vorige keer anders",
    "liegt": "vertelt het anders dan vorige keer",
    "liegen": "het anders vertellen",
    "gelogen": "anders verteld dan vorige keer",
    "manipulatief": "vroeg het aan verschillende collega's",
    "manipuleert": "vraagt het aan verschillende collega's",
    "manipuleren": "schrijf wat er gevraagd werd",
    "profiteur": "gebruikt het aanbod vaak",
    "profiteert": "gebruikt het aanbod",
    "profiteren": "gebruik maken van",
    "asociaal": "schrijf wat er gebeurde en voor wie dat lastig was",
    "marginaal": "heeft weinig inkomen",
    "marginalen": "mensen met weinig inkomen",
    "kansarm": "heeft het moeilijk om rond te komen",
    "kansarmen": "mensen die het moeilijk hebben om rond te komen",
    "probleemgezin": "gezin met veel zorgen tegelijk",
    "probleemgeval": "gezin",
    "multiprobleemgezin": "gezin met veel zorgen tegelijk",
    "probleemkind": "kind dat het moeilijk heeft",
    "moeilijk geval": "schrijf wat moeilijk loopt",
    "lastig": "schrijf wat er gevraagd werd",
    "zeurt": "vraagt er vaak naar",
    "zeuren": "er vaak naar vragen",
    "klaagt": "vertelt wat niet goed gaat",
    "klager": "vertelt wat niet goed gaat",
    "ongemotiveerd": "koos nu iets anders",
    "niet gemotiveerd": "koos nu iets anders",
    "onwillig": "zei nee",
    "weigert": "zei nee, en waarom",
    "weigerachtig": "zei nee",
    "werkt niet mee": "kwam niet, of deed de afgesproken stap nog niet",
    "werkonwillig": "zoekt nu geen werk, en waarom",
    "koppig": "bleef bij haar of zijn keuze",
    "eigenwijs": "koos iets anders dan wij voorstelden",
    "ondankbaar": "zei niet wat we verwachtten",
    "onbeschoft": "schrijf wat er gezegd werd",
    "brutaal": "schrijf wat er gezegd werd",
    "ongemanierd": "schrijf wat er gebeurde",
    "ongehoorzaam": "deed niet wat gevraagd was",
    "onhandelbaar": "schrijf wat er gebeurde",
    "stout": "schrijf wat het kind deed",
    "vuil": "de vloer en het aanrecht stonden vol",
    "vies": "schrijf wat je zag of rook",
    "smerig": "schrijf wat je zag",
    "onverzorgd": "schrijf wat je zag",
    "verwaarloosd": "schrijf wat je zag: geen winterjas, geen boterham mee",
    "verwaarlozing": "schrijf wat je zag",
    "rommelig": "er lag veel op de vloer",
    "stinkt": "er was een geur van rook",
    "dom": "begreep de brief niet",
    "achterlijk": "had meer uitleg nodig",
    "zwakbegaafd": "heeft tijd en eenvoudige uitleg nodig",
    "simpel": "heeft eenvoudige uitleg nodig",
    "laaggeschoold": "schrijf welke opleiding, als dat telt",
    "analfabeet": "leest en schrijft nog niet",
    "naïef": "vertrouwde de verkoper",
    "slechte moeder": "schrijf wat je zag",
    "slechte vader": "schrijf wat je zag",
    "onbekwaam": "had hulp nodig bij",
    "overbezorgd": "vraagt elke dag hoe het gaat",
    "raar": "schrijf wat er gebeurde",
    "vreemd gedrag": "schrijf wat er gebeurde",
    "abnormaal": "schrijf wat er gebeurde",
    "gek": "schrijf wat er gebeurde",
    "gestoord": "schrijf wat er gebeurde",
    "zot": "schrijf wat er gebeurde",
    "dramatisch": "vertelde het met tranen",
    "overdrijft": "vertelt dat het erg is",
    "theatraal": "vertelde het met veel gebaren",
    "aandacht zoekt": "wil graag gehoord worden",
    "aandachtszoeker": "wil graag gehoord worden",
    "slachtofferrol": "vertelt wat er misging",
    "hopeloos": "schrijf wat al geprobeerd is",
    "hopeloos geval": "schrijf wat al geprobeerd is",
    "uitzichtloos": "schrijf wat al geprobeerd is",
    "verloren moeite": "schrijf wat al geprobeerd is",
    "crimineel": "schrijf wat je zeker weet",
    "dief": "schrijf wat je zeker weet",
    "fraudeur": "schrijf wat je zeker weet",
    "illegaal": "heeft geen verblijfspapieren",
    "illegalen": "mensen zonder verblijfspapieren",
    "allochtoon": "schrijf welke taal, als dat telt",
    "allochtonen": "schrijf welke taal, als dat telt",
    "vreemdeling": "schrijf welke taal, als dat telt",
    "typisch": "schrijf wat er gebeurde",
    "zoals altijd": "schrijf wanneer het eerder gebeurde",
    "zoals gewoonlijk": "schrijf wanneer het eerder gebeurde",
    "natuurlijk weer": "schrijf wanneer het eerder gebeurde",
    "nooit thuis": "drie keer niet bereikt, op welk uur",
    "altijd te laat": "kwam twee keer na het afgesproken uur",
    "gescheiden vrouw": "woont alleen met de kinderen",
    "tienermoeder": "jonge moeder, als dat telt",
}
HEALTH_WORDS = [
    "depressie", "depressief", "borderline", "psychose", "psychotisch", "schizofreen", "schizofrenie", "bipolair",
    "adhd", "autisme", "autistisch", "autist", "dementie", "dement", "verslaafd", "verslaving", "alcoholist",
    "alcoholicus", "alcoholisme", "dronkaard", "junkie", "drugs", "medicatie", "antidepressiva", "pillen", "diagnose",
    "kanker", "hiv", "aids", "hepatitis", "zwanger", "zwangerschap", "abortus", "miskraam", "zelfmoord",
    "zelfmoordpoging", "suïcide", "suïcidaal", "psychiatrie", "psychiater", "psychiatrisch", "opname", "handicap",
    "gehandicapt", "epilepsie", "diabetes", "burn-out", "trauma", "getraumatiseerd", "persoonlijkheidsstoornis",
    "stoornis",
]  # fmt: skip
JUSTICE_WORDS = [
    "gevangenis", "gevangen", "bajes", "veroordeeld", "veroordeling", "strafblad", "enkelband", "aangehouden",
    "arrestatie", "gearresteerd", "parket", "jeugdrechter", "jeugdrechtbank", "rechtbank", "rechter", "strafzaak",
    "dader", "verdachte", "pv", "proces-verbaal", "politie", "probatie", "voorwaardelijk", "uithuisplaatsing",
    "huisverbod", "deurwaarder",
]  # fmt: skip

# Written with a capital, and nobody's name.
NOT_A_PERSON = """
    ik je jij hij zij ze we wij jullie u men het de een dit dat die er hier daar
    januari februari maart april mei juni juli augustus september oktober november december
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag pasen kerst kerstmis nieuwjaar ramadan suikerfeest
    offerfeest sinterklaas god allah
    leuven kessel-lo kessel lo heverlee wilsele wijgmaal haasrode korbeek-lo herent bierbeek lubbeek tienen aarschot
    diest brussel antwerpen gent mechelen hasselt genk charleroi luik namen brugge oostende kortrijk aalst vlaanderen
    belgië nederland frankrijk duitsland turkije marokko syrië irak iran afghanistan somalië eritrea oekraïne polen
    roemenië bulgarije spanje italië portugal congo guinee kameroen pakistan india nepal europa afrika
    nederlands nederlandse frans franse engels engelse duits duitse turks turkse arabisch arabische berbers pools
    poolse roemeens bulgaars spaans italiaans portugees russisch oekraïens somalisch pasjtoe dari farsi tigrinya
    koerdisch albanees belg belgische syrisch syrische marokkaans marokkaanse afghaans afghaanse vlaams vlaamse
    ridderbuurt hoogland ketteland sint-maartensdal casablanca vaartkom bruul
    ocmw caw vdab cpas ckg clb kind gezin huis mutualiteit fluvius woonpunt dijledal sociaal verhuurkantoor groeipakket
    uitpas velo velokadee kirikou opvoedingswinkel agentschap integratie inburgering stad dienst school itsme
    whatsapp facebook google kruispunt wijkgezondheidscentrum ziekenhuis gasthuisberg lijn nmbs colruyt aldi lidl
    feit gehoord indruk meneer mevrouw dr
"""
NO_NAMES = frozenset(NOT_A_PERSON.split())

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
BEGINS_SENTENCE = re.compile(r"(?:^|[.!?…:;\n•\-“\"(]\s*)$")
PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){8,13}|0(?:[ ./-]?\d){8,9})(?!\d)")
# De Ridderstraat 12, Vaartstraat 3 bus 2: the street may stay, the door may not.
HOUSE_NUMBER = re.compile(
    r"\b[A-Z][\w-]*(?:straat|laan|weg|plein|dreef|lei|vest|steenweg|hof|kaai|pad|berg|singel)\s+(\d{1,4}[a-zA-Z]?)\b"
    r"(?:\s+bus\s+\w+)?"
)
MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.\w{2,}")
ENDINGS = ("", "e", "er", "ere", "s", "en", "ste", "t")

MARKS = {"fact": "Feit", "heard": "Gehoord", "impression": "Indruk"}
MARKED = re.compile(rf"(?:{'|'.join(MARKS.values())}): ")
# A sentence ends at a point with a space behind it, or at the end of a line. Not at 14.05 or at "bv. de bus".
SENTENCE = re.compile(r"[^\n]+?(?:(?<!\bbv)(?<!\bdr)(?<!\bnr)[.!?…]+(?=\s|$)|(?=\n)|$)")


@dataclass(frozen=True)
class Hint:
    start: int
    end: int
    kind: str
    word: str
    why: str
    suggestion: str = ""


def _with_endings(word):
    """lui: luie; agressief: agressieve. Enough for what people type, without a dictionary."""
    stems = {word}
    if word.endswith("f"):
        stems.add(f"{word[:-1]}v")
    if word.endswith("s"):
        stems.add(f"{word[:-1]}z")
    if len(word) > 3 and word[-1] in "lmnrtkg" and word[-2] in "aeou" and word[-3] in "aeou" and word[-2] == word[-3]:
        stems.add(word[:-2] + word[-1])
    if len(word) > 2 and word[-1] in "mtlkgf" and word[-2] in "aeiou" and word[-3] not in "aeiou":
        stems.add(word + word[-1])
    return sorted(chain.from_iterable((stem + ending for ending in ENDINGS) for stem in stems), key=len, reverse=True)


def _pattern(words):
    """One expression for a whole list; words of two or more stand for themselves."""
    forms = {}
    for word in words:
        for form in [word] if " " in word else _with_endings(word):
            forms.setdefault(form, word)
    for word in words:
        forms[word] = word
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE), forms


LEXICON = [
    (JUDGING, *_pattern(JUDGING_WORDS)),
    (HEALTH, *_pattern(HEALTH_WORDS)),
    (JUSTICE, *_pattern(JUSTICE_WORDS)),
]


def hints(text, known=()):
    """Where to look again, in the order of the text. `known` are names that may stand there: of the family, a place."""
    found = []
    for each in chain(_numbers(text), _words(text), _names(text, known)):
        if all(each.end <= other.start or each.start >= other.end for other in found):
            found.append(each)
    return sorted(found, key=lambda hint: hint.start)


def _words(text):
    for kind, pattern, forms in LEXICON:
        for match in pattern.finditer(text):
            base = forms[match.group().lower()]
            yield _hint(match, kind, JUDGING_WORDS.get(base, "") if kind == JUDGING else "")


def _numbers(text):
    for pattern in (PHONE, MAIL):
        for match in pattern.finditer(text):
            yield _hint(match, NUMBER)
    for match in HOUSE_NUMBER.finditer(text):
        yield Hint(*match.span(1), NUMBER, match.group(1), WHY[NUMBER], "de straat zonder huisnummer")


def _names(text, known):
    """Words with a capital inside a sentence, of which nobody told us that they are no third person."""
    may_stand = NO_NAMES | {part.lower() for name in known for part in WORD.findall(name)}
    for match in WORD.finditer(text):
        word = match.group()
        is_name = word[0].isupper() and not word.isupper() and len(word) > 1
        parts = {word.lower(), *word.lower().split("-")}
        if is_name and may_stand.isdisjoint(parts) and not _is_street(word) and not _begins(text, match.start()):
            yield _hint(match, NAME, "wie het is, bijvoorbeeld “een vriendin”")


def _is_street(word):
    return word.lower().endswith(("straat", "laan", "weg", "plein", "dreef", "vest", "steenweg", "kaai", "singel"))


def _begins(text, start):
    return bool(BEGINS_SENTENCE.search(text[max(0, start - 6) : start]))


def _hint(match, kind, suggestion=""):
    return Hint(match.start(), match.end(), kind, match.group(), WHY[kind], suggestion)


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    text: str
    mark: str


def sentences(text):
    """The sentences of a text, with the mark that stands before each of them."""
    found = []
    for match in SENTENCE.finditer(text):
        words = match.group().strip()
        if words:
            start = match.start() + match.group().index(words[0])
            mark = next((code for code, word in MARKS.items() if words.startswith(f"{word}: ")), "")
            found.append(Sentence(start, start + len(words), MARKED.sub("", words, count=1) if mark else words, mark))
    return found


def mark(text, marks):
    """The text with a mark before each sentence that got one. `marks` gives a sentence, by its number, a mark or ""."""
    for number, sentence in reversed(list(enumerate(sentences(text)))):
        chosen = marks.get(number, sentence.mark)
        before = f"{MARKS[chosen]}: " if chosen in MARKS else ""
        text = f"{text[: sentence.start]}{before}{sentence.text}{text[sentence.end :]}"
    return text
