"""What goes with one person of a family that stays, and which texts of the others name them."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import JSONField, Q

from buurtwerk.interface.text import FreeLine, FreeText
from households.erasable import STAYS
from households.models import Contact, Household, Member, Person, Referral
from households.moving import relations_to
from households.naming import Naming

# Texts that are in nobody's way: a person has none but their own, and these are about us or hold no words.
NOT_OF_OTHERS = {"Person", "Member", "UploadedSheet", "DestructionLine"}
# Nobody but their readers looks at these: they are masked unread.
UNREAD = {"SealedNote", "WorkNote"}


@dataclass
class ErasablePerson:
    person: Person
    # Of which families something names them.
    households: set = field(default_factory=set)
    gone: dict = field(default_factory=dict)
    emptied: list = field(default_factory=list)
    consents: set = field(default_factory=set)
    # Talks they were at; those of them alone (or of their luik) lose their words, the others stay.
    contacts: set = field(default_factory=set)
    own_contacts: set = field(default_factory=set)

    @property
    def counts(self):
        found = [(model._meta.verbose_name_plural, len(ids)) for model, ids in self.gone.items() if ids]
        found = [each for each in found if not each[0].startswith("contact-person")]
        if self.own_contacts:
            found.append(("contactmomenten zonder hun tekst", len(self.own_contacts)))
        return sorted(found)

    def ids(self, model):
        return sorted(self.gone.get(model, ()))


@dataclass(frozen=True)
class Text:
    """One text of someone else in which this person is named."""

    model: type
    field: str
    pk: int
    text: str

    @property
    def key(self):
        return f"{self.model.__name__}.{self.field}:{self.pk}"

    @property
    def label(self):
        name = self.model._meta.verbose_name
        return f"{name}: {self.model._meta.get_field(self.field).verbose_name}".capitalize()


def erasable_person(person):
    """Asked in the name of nobody."""
    found = ErasablePerson(person, gone={Person: {person.pk}})
    _follow(found, Person, {person.pk})
    referrals = Referral.objects.filter(pk__in=found.ids(Referral))
    given = set(referrals.exclude(consent=None).values_list("consent", flat=True))
    kept = Referral.objects.filter(consent__in=given).exclude(pk__in=referrals).values_list("consent", flat=True)
    found.consents = given - set(kept)
    contacts = Contact.objects.filter(present=person).select_related("household").prefetch_related("present")
    found.contacts = {contact.pk for contact in contacts}
    found.own_contacts = {contact.pk for contact in contacts if _is_own(contact, person)}
    found.households = _households_of(found)
    return found


def _follow(found, target, ids):
    for relation in relations_to(target):
        model, column = relation.model, relation.field
        rows = set(model._base_manager.filter(**{f"{column.name}__in": ids}).values_list("pk", flat=True))
        if not rows or relation.name in STAYS:
            continue
        of_others = target not in (Person, Member) or not (_has_household(model) or not column.null)
        if column.null and of_others:
            found.emptied.append((column, rows))
            continue
        new = rows - found.gone.setdefault(model, set())
        found.gone[model] |= new
        _follow(found, model, new)


def _has_household(model):
    return any(each.name == "household" for each in model._meta.concrete_fields)


def _is_own(contact, person):
    """With nobody else, or told in the luik of this person alone."""
    others = {each.pk for each in contact.present.all()} - {person.pk}
    if not others:
        return not contact.counted
    luiken = contact.household.people_with_compartment if contact.household else set()
    return person.pk in luiken and not luiken & others


def _households_of(found):
    ids = set(Contact.objects.filter(pk__in=found.contacts).values_list("household", flat=True))
    for model, rows in found.gone.items():
        if _has_household(model):
            ids |= set(model._base_manager.filter(pk__in=rows).values_list("household", flat=True))
    ids |= set(
        Member.pgh_event_model.objects.filter(person=found.person.pk).values_list("household", flat=True).distinct()
    )
    return ids - {None}


# Texts


def naming_of(person, households):
    """What the person is and was called. A family name that others of the family bear as well, names nobody."""
    events = Person.pgh_event_model.objects.filter(pgh_obj_id=person.pk)
    known = [person, *events]
    others = Person.objects.filter(memberships__household__in=households).exclude(pk=person.pk)
    shared = {name.casefold() for name in others.values_list("last_name", flat=True)}
    names = {each.first_name for each in known} | {f"{each.first_name} {each.last_name}" for each in known}
    names |= {each.last_name for each in known if each.last_name.casefold() not in shared}
    return Naming({*names, *(each.email for each in known)}, {each.phone for each in known})


def texts_naming(found, naming):
    """Of the others of the family, and of what stays of the family: each text with the name in it."""
    return [
        Text(model, name, row["pk"], row[name])
        for model, path in models_with_texts()
        for row in _rows(model._base_manager, model, path, found)
        for name in text_fields(model)
        if row["pk"] not in found.gone.get(model, ()) and naming.is_in(row[name])
    ]


def events_naming(found, naming):
    """The same in the history: (model, field, number of the event, number of the row, text)."""
    return [
        (model, name, row["pgh_id"], row["pgh_obj_id"], row[name])
        for model, path in models_with_texts()
        if hasattr(model, "pgh_event_model")
        for row in _rows(model.pgh_event_model.objects, model, path, found, "pgh_id", "pgh_obj_id")
        for name in text_fields(model)
        if row["pgh_obj_id"] not in found.gone.get(model, ()) and naming.is_in(row[name])
    ]


def _rows(manager, model, path, found, *keys):
    row = "pgh_obj_id" if keys else "pk"
    if path == "household":
        # In the history also what was of the family and is not any more.
        about = Q(household__in=found.households)
    else:
        of_family = model._base_manager.filter(**{f"{path}__in": found.households})
        about = Q(**{f"{row}__in": set(of_family.values_list("pk", flat=True))})
    if model is Contact:
        about |= Q(**{f"{row}__in": found.contacts})
    return manager.filter(about).order_by().values(*(keys or ["pk"]), *text_fields(model))


def text_fields(model):
    return [each.name for each in model._meta.concrete_fields if isinstance(each, FreeText | FreeLine)]


def json_fields(model):
    return [each.name for each in model._meta.concrete_fields if isinstance(each, JSONField)]


def models_with_texts(having=text_fields):
    """Every table of families with words in it, and how it leads to its family."""
    return [
        (model, path)
        for model in apps.get_app_config("households").get_models()
        if not hasattr(model, "pgh_tracked_model")
        and model.__name__ not in NOT_OF_OTHERS
        and having(model)
        and (path := path_to_family(model))
    ]


def path_to_family(model, depth=3):
    """ "goal__plan__household"; None for what is of no family."""
    if model is Household:
        return "pk"
    names = {each.name: each.related_model for each in model._meta.concrete_fields if each.is_relation}
    if "household" in names:
        return "household"
    if model.__name__ == "Handover":
        return "families__household"
    if model.__name__ == "MergeRecord":
        return "kept"
    for name in ("contact", "plan", "goal", "referral"):
        if depth and name in names and (path := path_to_family(names[name], depth - 1)):
            return f"{name}__{path}"
    return None
