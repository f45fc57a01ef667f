"""Reading families and contacts in from a spreadsheet: what each row would become, before anything is saved."""

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.interface.spreadsheets import MASKED
from buurtwerk.interface.text import search_key
from buurtwerk.languages import Language
from buurtwerk.places.models import Neighbourhood
from buurtwerk.themes import Theme
from households.forms.families import possible_birth_year, possible_phone, workers_of
from households.likeness import Known
from households.models import Contact, Household, Member, Person, UploadedSheet

NAMESPACE = uuid.UUID("a1f5b6c2-3d0e-4a1b-9c55-0f4a8b7e2d11")

# Per kind: the field, its label, and the headings that people give it.
FIELDS = {
    UploadedSheet.Kind.FAMILIES: {
        "nickname": ("Roepnaam", ["roepnaam", "gezin", "gezinsnaam", "familie", "huishouden", "naamgezin"]),
        "address": ("Adres", ["adres", "straat", "straatennummer", "straatnr"]),
        "neighbourhood": ("Buurt", ["buurt", "wijk"]),
        "languages": ("Talen", ["talen", "taal", "thuistaal", "moedertaal"]),
        "worker": ("Vaste buurtwerker", ["vastebuurtwerker", "buurtwerker", "werker", "opvolger"]),
        "found_via": ("Hoe leerden we elkaar kennen", ["hoeleerdenweelkaarkennen", "lerenkennen", "via", "toeleiding"]),
        "first_name": ("Voornaam", ["voornaam"]),
        "last_name": ("Familienaam", ["familienaam", "achternaam", "naam"]),
        "birth_year": ("Geboortejaar of geboortedatum", ["geboortejaar", "geboortedatum", "geboren", "gebdatum"]),
        "role": ("Rol in het gezin", ["rol", "rolinhetgezin", "relatie", "gezinsrol"]),
        "phone": ("Telefoon", ["telefoon", "gsm", "tel", "telefoonnummer", "gsmnummer", "mobiel"]),
        "email": ("E-mail", ["email", "mail", "emailadres"]),
    },
    UploadedSheet.Kind.CONTACTS: {
        "family": ("Gezin: code of roepnaam", ["gezin", "code", "roepnaam", "dossier", "familie", "huishouden"]),
        "happened_on": ("Wanneer", ["datum", "wanneer", "dag"]),
        "mode": ("Vorm", ["vorm", "hoe", "soort", "type", "soortcontact"]),
        "outcome": ("Resultaat", ["resultaat", "afloop", "uitkomst"]),
        "minutes": ("Minuten", ["minuten", "duur", "aantalminuten"]),
        "place": ("Plaats", ["plaats", "waar", "locatie"]),
        "themes": ("Thema's", ["themas", "thema", "onderwerp"]),
        "note": ("Nota", ["nota", "notitie", "verslag", "opmerking", "opmerkingen", "inhoud"]),
        "author": ("Wie noteerde", ["buurtwerker", "wie", "door", "werker", "medewerker"]),
    },
}
NEEDED = {
    UploadedSheet.Kind.FAMILIES: [("nickname", "last_name")],
    UploadedSheet.Kind.CONTACTS: [("family",), ("happened_on",), ("mode",), ("outcome",)],
}

MONTHS = ["januari", "februari", "maart", "april", "mei", "juni"]
MONTHS += ["juli", "augustus", "september", "oktober", "november", "december"]
ROLES = {
    Member.Role.PARENT: ["moeder", "vader", "mama", "papa"],
    Member.Role.CHILD: ["zoon", "dochter", "jongen", "meisje"],
    Member.Role.GRANDPARENT: ["oma", "opa", "grootmoeder", "grootvader"],
    Member.Role.PARTNER: ["man", "vrouw", "echtgenoot", "echtgenote"],
}
MODES = {
    Contact.Mode.HOME: ["bezoek", "thuis", "aanhuis"],
    Contact.Mode.DOOR: ["deur"],
    Contact.Mode.CENTRE: ["centrum", "buurtcentrum"],
    Contact.Mode.STREET: ["straat", "plein"],
    Contact.Mode.PHONE: ["tel", "gebeld", "bellen"],
    Contact.Mode.MESSAGE: ["sms", "whatsapp", "bericht", "app"],
    Contact.Mode.EMAIL: ["mail", "email"],
    Contact.Mode.CARD: ["kaartje", "brief"],
    Contact.Mode.PARTNER_TALK: ["overleg"],
}
OUTCOMES = {
    Contact.Outcome.TALKED: ["ja", "bereikt", "gesprek"],
    Contact.Outcome.NO_ANSWER: ["nee", "niemandthuis", "nietthuis", "geengehoor"],
    Contact.Outcome.CARD_LEFT: ["kaartje"],
}


def guess(kind, headings):
    """For each heading the field that it most likely fills, each field once."""
    taken, guessed = set(), []
    for heading in map(search_key, headings):
        found = next((name for name, (_, words) in FIELDS[kind].items() if heading in words and name not in taken), "")
        taken.add(found)
        guessed.append(found)
    return guessed


@dataclass
class Line:
    """One row of the sheet and what it would become."""

    NEW, ALONG, KNOWN, ALIKE, AGAIN, WRONG = "new", "along", "known", "alike", "again", "wrong"
    WORDS = {
        NEW: "Nieuw",
        ALONG: "Komt erbij",
        KNOWN: "Staat er al",
        ALIKE: "Lijkt op een gezin dat er al is",
        AGAIN: "Staat dubbel in dit bestand",
        WRONG: "Nog niet juist",
    }

    number: int
    what: str
    state: str = NEW
    said: list = field(default_factory=list)
    family: Household | None = None

    @property
    def word(self):
        return self.WORDS[self.state]

    def wrong(self, sentence):
        self.state = self.WRONG
        self.said.append(sentence)


@dataclass
class Draft:
    """A family that would be made, with its people as pairs of a person and a role."""

    household: Household
    people: list
    lines: list

    @property
    def is_good(self):
        return all(line.state != Line.WRONG for line in self.lines)


@dataclass
class Outcome:
    """What a sheet would lead to: every line, and what would be saved."""

    lines: list
    families: list = field(default_factory=list)
    contacts: list = field(default_factory=list)

    @property
    def counts(self):
        """How many rows of each kind, in words."""
        numbers = defaultdict(int)
        for line in self.lines:
            numbers[line.state] += 1
        return [(Line.WORDS[state], numbers[state]) for state in Line.WORDS if numbers[state]]


def look(sheet, *, user, as_new=()):
    """What would happen with each row. `as_new` are the numbers, as text, of rows that are a new family after all."""
    if sheet.kind == UploadedSheet.Kind.FAMILIES:
        return _Families(sheet, user, set(as_new)).look()
    return _Contacts(sheet, user).look()


class _Reading:
    def __init__(self, sheet, user):
        self.sheet, self.user = sheet, user
        self.workers = list(workers_of(sheet.centre_id))

    def cells(self, row):
        """The mapped cells of a row, by field; several columns of one field follow each other."""
        found = dict.fromkeys(FIELDS[self.sheet.kind], "")
        for name, cell in zip(self.sheet.columns, row[1:], strict=False):
            if name and cell:
                found[name] = f"{found[name]} {cell}".strip()
        return found

    def refused(self, line, cells):
        """A rijksregisternummer was left out while the file was read; its row is not taken in either."""
        if any(MASKED in cell for cell in cells.values()):
            line.wrong("Er staat een rijksregisternummer in. Haal het weg uit je bestand: we bewaren het nergens.")
            return True
        return False

    def worker(self, words, line, *, default):
        if not words:
            return default
        key = search_key(words)
        alike = [user for user in self.workers if key in (search_key(user.username), search_key(user.first_name))]
        alike = [user for user in self.workers if search_key(user.get_full_name()) == key] or alike
        if len(alike) == 1:
            return alike[0]
        line.wrong(f"Buurtwerker: “{_short(words)}” kennen we niet in dit centrum.")
        return default


class _Families(_Reading):
    def __init__(self, sheet, user, as_new):
        super().__init__(sheet, user)
        self.as_new = as_new
        self.known = Known(user, sheet.centre_id)
        self.neighbourhoods = {}
        for neighbourhood in Neighbourhood.objects.all():
            self.neighbourhoods[search_key(neighbourhood.name)] = neighbourhood
        self.drafts = {}

    def look(self):
        lines = [self.line(row) for row in self.sheet.rows]
        for draft in self.drafts.values():
            if not draft.is_good:
                self._hold_back(draft)
        good = [draft for draft in self.drafts.values() if draft.lines[0].state == Line.NEW and draft.is_good]
        return Outcome(lines, families=good)

    def _hold_back(self, draft):
        """A family comes in whole or not at all."""
        for line in draft.lines:
            if line.state != Line.WRONG:
                line.wrong("Wacht op een andere rij van dit gezin.")

    def line(self, row):
        cells = self.cells(row)
        nickname = cells["nickname"] or (f"Gezin {cells['last_name']}" if cells["last_name"] else "")
        line = Line(row[0], _short(nickname or cells["first_name"]))
        if self.refused(line, cells):
            line.what = line.what.replace(MASKED, "…")
            return line
        if not nickname:
            line.wrong("Roepnaam: vul een roepnaam of een familienaam in.")
            return line
        key = (search_key(nickname), search_key(cells["address"]))
        draft = self.drafts.get(key)
        if draft is None:
            draft = self.drafts[key] = self._start(line, nickname, cells)
        else:
            draft.lines.append(line)
            line.family = draft.lines[0].family
            line.state = Line.ALONG if draft.lines[0].state in (Line.NEW, Line.WRONG) else draft.lines[0].state
        self._add_person(draft, line, cells)
        return line

    def _start(self, line, nickname, cells):
        household = Household(
            centre_id=self.sheet.centre_id,
            nickname=nickname,
            address=cells["address"],
            found_via=cells["found_via"],
            created_by=self.user,
            languages=self._languages(cells["languages"], line),
            neighbourhood=self._neighbourhood(cells["neighbourhood"], line),
            primary_worker=self.worker(cells["worker"], line, default=self.sheet.worker),
        )
        household.languages = list(dict.fromkeys(household.languages))
        _check(
            household, line, exclude=["centre", "code", "search_key", "created_by", "primary_worker", "neighbourhood"]
        )
        if line.state == Line.NEW:
            self._compare(household, cells, line)
        return Draft(household, [], [line])

    def _compare(self, household, cells, line):
        line.family, is_same = self.known.like(household.nickname, household.address, cells["phone"])
        if line.family and is_same:
            line.state = Line.KNOWN
        elif line.family and str(line.number) not in self.as_new:
            line.state = Line.ALIKE

    def _languages(self, words, line):
        labels = {search_key(label): value for value, label in Language.choices} | {value: value for value in Language}
        found = []
        for word in filter(None, re.split(r"[,;/+]| en ", words)):
            if code := labels.get(search_key(word)):
                found.append(code)
            else:
                line.wrong(f"Talen: “{_short(word.strip())}” staat niet in onze lijst.")
        return found

    def _neighbourhood(self, words, line):
        if words and search_key(words) not in self.neighbourhoods:
            line.wrong(f"Buurt: “{_short(words)}” kennen we niet.")
        return self.neighbourhoods.get(search_key(words)) if words else None

    def _add_person(self, draft, line, cells):
        if not cells["first_name"]:
            if any(cells[name] for name in ("birth_year", "phone", "email", "role")):
                line.wrong("Voornaam: vul in over wie deze rij gaat.")
            return
        person = Person(
            centre_id=self.sheet.centre_id,
            first_name=cells["first_name"],
            last_name=cells["last_name"],
            birth_year=self._birth_year(cells["birth_year"], line),
            email=cells["email"],
            phone=_phone(cells["phone"], line),
        )
        _check(person, line, exclude=["centre", "search_key"])
        role = _of(Member.Role, cells["role"], ROLES) or ("" if cells["role"] else self.sheet.role)
        if not role:
            line.wrong(f"Rol: “{_short(cells['role'])}” kennen we niet." if cells["role"] else "Rol: vul een rol in.")
        twice = (search_key(str(person)), person.birth_year)
        if any((search_key(str(other)), other.birth_year) == twice for other, _ in draft.people):
            if line.state == Line.ALONG:
                line.state = Line.AGAIN
            return
        draft.people.append((person, role))

    def _birth_year(self, words, line):
        if not words:
            return None
        day = day_of(words, is_birth=True)
        if day is None and not re.fullmatch(r"\d{4}", words):
            line.wrong(f"Geboortejaar: “{_short(words)}” is geen jaar en geen datum.")
            return None
        try:
            return possible_birth_year(day.year if day else int(words))
        except ValidationError as wrong:
            line.wrong(f"Geboortejaar: {wrong.messages[0]}")
            return None


class _Contacts(_Reading):
    def __init__(self, sheet, user):
        super().__init__(sheet, user)
        self.by_code, self.by_name = {}, defaultdict(list)
        families = Household.objects.openable_by(user).filter(centre=sheet.centre_id)
        for family in families.exclude(status=Household.Status.ERASED).only("code", "nickname", "centre"):
            self.by_code[search_key(family.code)] = family
            self.by_name[search_key(family.nickname)].append(family)

    def look(self):
        pairs = [self.line(row) for row in self.sheet.rows]
        uuids = [contact.client_uuid for _, contact in pairs if contact]
        there = set(Contact.objects.filter(client_uuid__in=uuids).values_list("client_uuid", flat=True))
        seen, good = set(), []
        for line, contact in pairs:
            if contact is None or line.state == Line.WRONG:
                continue
            if contact.client_uuid in there:
                line.state = Line.KNOWN
            elif contact.client_uuid in seen:
                line.state = Line.AGAIN
            else:
                good.append(contact)
            seen.add(contact.client_uuid)
        return Outcome([line for line, _ in pairs], contacts=good)

    def line(self, row):
        cells = self.cells(row)
        line = Line(row[0], _short(f"{cells['family']} {cells['happened_on']}".replace(MASKED, "…")))
        if self.refused(line, cells):
            return line, None
        contact = Contact(
            centre_id=self.sheet.centre_id,
            household=self._family(cells["family"], line),
            happened_on=self._day(cells["happened_on"], line),
            mode=self._choice(Contact.Mode, "Vorm", cells["mode"], MODES, line),
            outcome=self._choice(Contact.Outcome, "Resultaat", cells["outcome"], OUTCOMES, line),
            minutes=self._minutes(cells["minutes"], line),
            place=cells["place"],
            themes=self._themes(cells["themes"], line),
            note=cells["note"],
            author=self.worker(cells["author"], line, default=self.user),
        )
        if line.state == Line.WRONG:
            return line, None
        _check(contact, line, exclude=["centre", "household", "author", "client_uuid"])
        line.family = contact.household
        told = [contact.household_id, contact.happened_on, contact.mode, contact.outcome, contact.minutes, contact.note]
        contact.client_uuid = uuid.uuid5(NAMESPACE, "|".join(map(str, told)))
        return line, contact

    def _family(self, words, line):
        key = search_key(words)
        alike = [self.by_code[key]] if key in self.by_code else self.by_name.get(key, [])
        if len(alike) == 1:
            return alike[0]
        if not key:
            line.wrong("Gezin: vul een code of een roepnaam in.")
        elif alike:
            line.wrong(f"Gezin: {len(alike)} gezinnen heten “{_short(words)}”. Vul de code in.")
        else:
            line.wrong(f"Gezin: “{_short(words)}” vinden we niet.")
        return None

    def _day(self, words, line):
        day = day_of(words)
        today = timezone.localdate()
        if day is None:
            line.wrong(f"Wanneer: “{_short(words)}” is geen datum. Schrijf ze zoals 24/12/2025.")
        elif day > today:
            line.wrong(f"Wanneer: {day:%d/%m/%Y} moet nog komen.")
        elif day < today - timedelta(days=50 * 366):
            line.wrong(f"Wanneer: {day:%d/%m/%Y} is te lang geleden.")
        return day

    def _choice(self, choices, label, words, also, line):
        found = _of(choices, words, also)
        if not found:
            line.wrong(f"{label}: “{_short(words)}” kennen we niet." if words else f"{label}: vul dit in.")
        return found

    def _minutes(self, words, line):
        if not words:
            return None
        if not re.fullmatch(r"\d{1,3}", words) or not 1 <= int(words) <= 720:
            line.wrong("Minuten: vul een getal in van 1 tot 720.")
            return None
        return int(words)

    def _themes(self, words, line):
        found = []
        for word in filter(None, map(str.strip, re.split(r"[,;]", words))):
            if theme := _of(Theme, word, {}):
                found.append(theme)
            else:
                line.wrong(f"Thema's: “{_short(word)}” staat niet in onze lijst.")
        return list(dict.fromkeys(found))


def day_of(words, *, is_birth=False):
    """A day as people in Flanders write it, None for anything else."""
    words = words.strip().lower()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t].*)?", words):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", words):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})", words):
        day, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    else:
        return None
    if year < 100:
        # 24 is 2024; of a birth, 62 is 1962.
        year += 2000 if year <= timezone.localdate().year % 100 or not is_birth else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of(choices, words, also):
    """The choice with this label, this code or one of these other words; an empty string when there is none."""
    key = search_key(words)
    for choice in choices:
        if key and key in (search_key(choice.label), search_key(choice.value), *also.get(choice, ())):
            return choice
    return ""


def _phone(words, line):
    # A sheet takes the first nought off a number.
    words = f"0{words}" if re.fullmatch(r"[1-9]\d{7,8}", words) else words
    try:
        return possible_phone(words)
    except ValidationError as wrong:
        line.wrong(f"Telefoon: {wrong.messages[0]}")
        return ""


def _check(subject, line, *, exclude):
    try:
        subject.clean_fields(exclude=exclude)
    except ValidationError as wrong:
        for name, sentences in wrong.message_dict.items():
            label = str(subject._meta.get_field(name).verbose_name).capitalize()
            line.wrong(f"{label}: {sentences[0]}")


def _short(words):
    return words if len(words) <= 40 else f"{words[:39]}…"
