"""Everything that goes with a family that is erased, found by itself: a table that comes later goes along as well.

What stays, or goes in another way, is named here with the reason.
"""

from dataclasses import dataclass, field

from django.db.models import Q

from households.models import Contact, Household, Member, Person
from households.moving import relations_to

# Rows about the family that stay, without a word of what people said or what they are called.
STAYS = {
    "households.Household.merged_into": "een dossier dat hierin opging, wordt samen ermee leeggemaakt",
    "households.DestructionLine.household": "bewijst waarom, door wie en wanneer gewist werd",
    "households.DestructionLine.person": "bewijst dat iemand gewist werd, zonder te zeggen wie",
    "households.SubjectRequest.household": "bewijst dat een vraag op tijd beantwoord werd",
    "households.SubjectRequest.person": "bewijst dat een vraag op tijd beantwoord werd",
}
# Of another family, and without this person there is nothing left of it.
NOTHING_WITHOUT = {"households.SupportLink.other": "een steunfiguur zonder naam steunt niemand"}
# What is left of the family itself: enough that its code is never given again.
LEFT_OF_FAMILY = ["id", "code", "centre", "status", "closed_on", "merged_into", "created_by", "created_at", "version"]


@dataclass
class Erasable:
    """The rows that go (ids by model), and the columns of other rows that are emptied."""

    households: list
    gone: dict = field(default_factory=dict)
    emptied: list = field(default_factory=list)

    @property
    def counts(self):
        """Pairs of a plural and a number, for who looks before approving."""
        found = [
            (model._meta.verbose_name_plural, len(ids))
            for model, ids in self.gone.items()
            if ids and not model._meta.auto_created
        ]
        return sorted((name, number) for name, number in found)

    def ids(self, model):
        return sorted(self.gone.get(model, ()))


def erasable(household):
    """What would go with this family, and the files that became part of it. Asked in the name of nobody."""
    found = Erasable(household.ids_of_file)
    _follow(found, Household, set(found.households))
    people = {person for person in _people_of(found) if not _is_known_elsewhere(person, found)}
    found.gone[Person] = people
    _follow(found, Person, people)
    return found


def _people_of(found):
    """Who ever stood in the family: a membership that was taken away, is in the history only."""
    return set(Member.objects.filter(household__in=found.households).values_list("person", flat=True)) | set(
        Member.pgh_event_model.objects.filter(household__in=found.households).values_list("person", flat=True)
    ) & set(Person.objects.values_list("pk", flat=True))


def _is_known_elsewhere(person, found):
    """In another family, or needed by something of another family that cannot do without."""
    for relation in relations_to(Person):
        if relation.field.null or relation.model is Contact.present.through:
            continue
        others = relation.model._base_manager.filter(**{relation.field.name: person})
        if others.exclude(pk__in=found.gone.get(relation.model, ())).exists():
            return True
    return False


def _follow(found, target, ids):
    """Everything that names one of these rows: it goes along, or it is of another family and forgets them."""
    if not ids:
        return
    for relation in relations_to(target):
        model, name = relation.model, relation.field.name
        if relation.name in STAYS:
            continue
        rows = model._base_manager.filter(**{f"{name}__in": ids})
        of_others = _of_other_family(model, found)
        if of_others is not None and target is not Household and relation.name not in NOTHING_WITHOUT:
            others = rows.filter(of_others).values_list("pk", flat=True)
            if relation.field.null and others:
                found.emptied.append((relation.field, set(others)))
            rows = rows.exclude(of_others)
        elif relation.field.null and of_others is None and target is Person:
            # A step of a plan that this person would do: the plan is of others.
            found.emptied.append((relation.field, set(rows.values_list("pk", flat=True))))
            continue
        new = set(rows.values_list("pk", flat=True)) - found.gone.setdefault(model, set())
        found.gone[model] |= new
        _follow(found, model, new)


def _of_other_family(model, found):
    """Which rows of this table are of another family; None when the table does not say."""
    if any(each.name == "household" for each in model._meta.concrete_fields):
        return Q(household__isnull=False) & ~Q(household__in=found.households)
    return None
