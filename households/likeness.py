"""Search before create: families and people that look like what someone types.

The database gives a small set that shares a few letters, a phone number or an address; how much they look
alike is judged here. Always within the centres where the asker may change families.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject

from buurtwerk.interface.text import search_key
from households.models import Household, Member, NotDouble, Person

AT_MOST = 8
CANDIDATES = 200
ALIKE = 0.8
# Words that say nothing about who it is.
FILLERS = {"gezin", "familie", "van", "de", "den", "het", "en", "oma", "opa", "haar", "zijn", "met", "uit", "mevrouw"}


@dataclass(frozen=True)
class Typed:
    """What someone typed so far about a family or a person."""

    names: str = ""
    phone: str = ""
    address: str = ""

    @property
    def words(self):
        return _words(self.names)[:AT_MOST]

    @property
    def digits(self):
        """The last digits of a phone number: the same with and without the country before it."""
        digits = _digits(self.phone)
        return digits[-8:] if len(digits) >= 6 else ""

    @property
    def street(self):
        key = search_key(self.address)
        return key if len(key) >= 5 else ""


def families_like(typed, *, user):
    """At most a handful of families of one's own centres, most alike first, with `why` they are shown."""
    wanted = _families_sharing_letters(typed)
    if not wanted:
        return []
    people = (
        Member.objects.current()
        .filter(household=OuterRef("pk"))
        .values(who=JSONObject(first=F("person__first_name"), last=F("person__last_name"), phone=F("person__phone")))
    )
    families = (
        Household.objects.visible_to(user)
        .with_readers(user)
        .exclude(status=Household.Status.ERASED)
        .filter(wanted)
        .select_related("primary_worker")
        .annotate(people=ArraySubquery(people))
        .order_by("nickname", "pk")[:CANDIDATES]
    )
    found = _best([(_family_score(typed, family), family) for family in families])
    openable = user.centres_where("families.open")
    for family in found:
        family.is_open_to_reader = family.centre_id in openable
        # Whether the name, the phone or the address was right, is for who reads the file.
        family.why = family.why if family.is_read_by(user) else ""
    return found


def people_like(typed, *, household, user):
    """People of the family's own centre whose name or phone looks like what is typed, with their families."""
    wanted = Q(pk__in=[])
    for piece in _pieces(typed):
        wanted |= Q(search_key__contains=piece)
    for word in typed.words:
        # A short name that is spelled differently in the middle: Iljas and Ilyas.
        wanted |= Q(search_key__startswith=word[:2])
    of_families = (
        Member.objects.current()
        .filter(person=OuterRef("pk"), household__in=Household.objects.visible_to(user))
        .annotate(
            shown=Case(
                When(household__has_compartments=True, then=Value("een gezin met luiken")),
                default="household__nickname",
                output_field=CharField(),
            )
        )
        .values(what=JSONObject(id=F("household_id"), nickname=F("shown")))
    )
    people = (
        Person.objects.visible_to(user)
        .filter(wanted, centre=household.centre_id)
        .annotate(families=ArraySubquery(of_families))
        .order_by("first_name", "pk")[:CANDIDATES]
    )
    found = _best([(_person_score(typed, person), person) for person in people])
    for person in found:
        person.is_member = any(family["id"] == household.pk for family in person.families)
    return found


def person_alike(one, other):
    """How much two people look like the same one; 0 when they are not."""
    if one.birth_year and other.birth_year and one.birth_year != other.birth_year:
        return 0
    scores = [_ratio(search_key(one.first_name), search_key(other.first_name))]
    if one.last_name and other.last_name:
        scores.append(_ratio(search_key(one.last_name), search_key(other.last_name)))
    return min(scores) if min(scores) >= ALIKE else 0


class Known:
    """The families of one centre that someone may know of, asked once, to hold many rows of a sheet against."""

    def __init__(self, user, centre_id):
        families = Household.objects.visible_to(user).filter(centre=centre_id).exclude(status=Household.Status.ERASED)
        self.families = {family.pk: family for family in families.select_related("primary_worker")}
        self.by_phone, self.by_name, self.by_piece = {}, defaultdict(list), defaultdict(list)
        for member in Member.objects.current().filter(centre=centre_id).values_list("household", "person__phone"):
            if member[0] in self.families and len(digits := _digits(member[1])) >= 8:
                self.by_phone.setdefault(digits[-8:], self.families[member[0]])
        for family in self.families.values():
            self.by_name[search_key(family.nickname)].append(family)
            for word in _words(family.nickname):
                self.by_piece[word[:3]].append(family)

    def like(self, nickname, address, phone):
        """The family that this is or may be, and whether there is no doubt about it."""
        street = search_key(address)
        for family in self.by_name[search_key(nickname)]:
            if search_key(family.address) == street:
                return family, True
        digits = _digits(phone)
        if len(digits) >= 8 and digits[-8:] in self.by_phone:
            return self.by_phone[digits[-8:]], False
        typed = Typed(names=nickname)
        near = {family.pk: family for word in typed.words for family in self.by_piece[word[:3]][:CANDIDATES]}
        for family in near.values():
            theirs = search_key(family.address)
            if street and theirs and street != theirs:
                continue
            if _ratio("".join(typed.words), "".join(_words(family.nickname))) >= ALIKE:
                return family, False
        return None, False


# More families than this with one phone or one address is a building or a service, and no double.
SHARED_BY_AT_MOST = 12
SUSPECTS_AT_MOST = 100


def families_alike(centres):
    """Pairs of families of one centre that may be one: the same phone, or the same address and a name alike.

    Three questions for all of them; what shares nothing is never compared. Each pair with why, most alike first.
    """
    families = Household.objects.filter(centre__in=centres, merged_into=None).exclude(status=Household.Status.ERASED)
    families = {family.pk: family for family in families.select_related("primary_worker")}
    people = defaultdict(list)
    for member in Member.objects.current().filter(centre__in=centres).select_related("person"):
        if member.household_id in families:
            people[member.household_id].append(member.person)
    told_apart = set(NotDouble.objects.filter(centre__in=centres).values_list("one", "other"))
    found = dict.fromkeys(_with_one_address(families, people), "zelfde adres en gelijkende naam")
    found |= dict.fromkeys(_with_one_phone(families, people), "zelfde telefoon")
    pairs = [(families[one], families[other], found[one, other]) for one, other in found.keys() - told_apart]
    return sorted(pairs, key=lambda pair: (pair[2] != "zelfde telefoon", pair[0].nickname, pair[0].pk))[
        :SUSPECTS_AT_MOST
    ]


def _with_one_phone(families, people):
    by_phone = defaultdict(set)
    for household, persons in people.items():
        for person in persons:
            if len(digits := _digits(person.phone)) >= 8:
                by_phone[families[household].centre_id, digits[-8:]].add((household, person.pk))
    for shared in by_phone.values():
        for (one, mine), (other, theirs) in _pairs_of(shared):
            # A child who lives in both, with one phone, is no double.
            if one != other and mine != theirs:
                yield one, other


def _with_one_address(families, people):
    by_street = defaultdict(set)
    for family in families.values():
        if len(street := search_key(family.address)) >= 5:
            by_street[family.centre_id, street].add(family.pk)
    for shared in by_street.values():
        for one, other in _pairs_of(shared):
            mine, theirs = ([families[pk].nickname, *map(str, people[pk])] for pk in (one, other))
            if _name_score(Typed(names=" ".join(mine)), theirs) >= ALIKE:
                yield one, other


def _pairs_of(shared):
    return combinations(sorted(shared), 2) if len(shared) <= SHARED_BY_AT_MOST else ()


def _best(scored):
    found = sorted((pair for pair in scored if pair[0][0] >= ALIKE), key=lambda pair: -pair[0][0])[:AT_MOST]
    for (_, why), each in found:
        each.why = why
    return [each for _, each in found]


def _families_sharing_letters(typed):
    wanted, people = Q(), Q()
    for piece in _pieces(typed):
        wanted |= Q(search_key__contains=piece)
        people |= Q(person__search_key__contains=piece)
    if people:
        wanted |= Q(pk__in=Member.objects.current().filter(people).values("household"))
    if typed.street:
        wanted |= Q(search_key__contains=typed.street[:6])
    return wanted


def _pieces(typed):
    """Beginnings and ends of the typed words: enough to meet a name that is spelled differently in the middle."""
    ends = {piece for word in typed.words for piece in (word[:3], word[-3:])}
    return sorted(ends | ({typed.digits} if typed.digits else set()))


def _family_score(typed, family):
    names = [family.nickname, *(f"{who['first']} {who['last']}" for who in family.people)]
    phones = [who["phone"] for who in family.people]
    scores = [(_name_score(typed, names), "gelijkende naam"), (_phone_score(typed, phones), "zelfde telefoon")]
    scores.append((_street_score(typed, search_key(family.address)), "zelfde adres"))
    return max(scores)


def _person_score(typed, person):
    return max(
        (_name_score(typed, [str(person)]), "gelijkende naam"), (_phone_score(typed, [person.phone]), "zelfde telefoon")
    )


def _name_score(typed, names):
    """How much the best typed word looks like a word of the names; "Elamrani" is also "El Amrani"."""
    if not typed.words:
        return 0
    words = {word for name in names for word in _words(name)} | {"".join(_words(name)) for name in names}
    whole = "".join(typed.words)
    return max(_ratio(mine, theirs) for mine in {*typed.words, whole} for theirs in words) if words else 0


def _phone_score(typed, phones):
    return 1.1 if typed.digits and any(_digits(phone).endswith(typed.digits) for phone in phones) else 0


def _street_score(typed, street):
    """Somebody writes the town or the bus as well, and somebody else does not."""
    return (
        0.9 if typed.street and street and (street.startswith(typed.street) or typed.street.startswith(street)) else 0
    )


def _ratio(one, other):
    # While someone is typing, the beginning of a name is enough.
    if len(one) >= 4 and other.startswith(one):
        return 1
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _words(text):
    words = (search_key(word) for word in unicodedata.normalize("NFKC", text).replace("-", " ").split())
    return [word for word in words if len(word) >= 3 and word not in FILLERS]


def _digits(text):
    return "".join(filter(str.isdecimal, text))
