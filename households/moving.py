"""Everything that hangs on a family or a person, found by itself: a table that comes later moves along as well.

What must not move, or can be there only once, is named here with the reason.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from households.models import Household

# What stays with the old file, and why.
STAYS = {
    "households.Household.merged_into": "wie er eerder in opging, is via het oude dossier te vinden",
    "households.MergeRecord.kept": "een samenvoeging gaat over de dossiers van toen",
    "households.MergeRecord.gone": "een samenvoeging gaat over de dossiers van toen",
    "households.DestructionLine.household": "wat goedgekeurd werd, wist nooit een ander dossier",
    "households.DestructionLine.person": "wat goedgekeurd werd, wist nooit een ander",
    "households.NotDouble.one": "er is naar deze twee dossiers gekeken, niet naar een ander",
    "households.NotDouble.other": "er is naar deze twee dossiers gekeken, niet naar een ander",
}

# What can be there only once: when both files have it, the one of the old file stays with the old file.
ONCE = {
    "households.ContactAgreement.household": "welke afspraak geldt, kiest wie samenvoegt",
    "households.Household_colleagues.household": "een collega staat er één keer bij",
    "households.Member.household": "wie in beide gezinnen stond, is één keer lid",
    "households.Member.person": "een persoon is één keer lid van een gezin",
    "households.Contact_present.person": "een persoon was er één keer bij",
    "households.RoundDoor.household": "een ronde komt één keer aan dezelfde deur",
    "households.DestructionLine.household": "een gezin staat één keer op de vernietigingslijst",
    "households.HandedFamily.household": "een gezin staat één keer in een overdracht",
    "activities.Participant.person": "een persoon is één keer deelnemer van een centrum",
    "households.BikeLoan.child": "een kind leent één fiets tegelijk; de andere staat nog bij de fietsen",
}

# What moves, but not all of it: who broke the glass of one file, does not get the other with it.
ONLY = {"households.BreakGlass.household": lambda: models.Q(until__lte=timezone.now())}

# Who merges, does not learn from a number that there are texts for others alone.
NOT_COUNTED = {"households.SealedNote.household"}


@dataclass(frozen=True)
class Relation:
    """One column of one table that names a family or a person."""

    model: type
    field: models.Field

    @property
    def name(self):
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def moves(self):
        return self.name not in STAYS and not getattr(self.model, "append_only", False)

    @property
    def is_once(self):
        """Whether the database refuses two of the same."""
        meta, name = self.model._meta, self.field.name
        if self.field.unique or any(name in together for together in meta.unique_together):
            return True
        return any(name in _named_in(constraint) for constraint in meta.constraints)

    def rows(self, *ids):
        rows = self.model._base_manager.filter(**{f"{self.field.name}__in": ids})
        return rows.filter(ONLY[self.name]()) if self.name in ONLY else rows


def _named_in(constraint):
    """The fields that two rows may not share."""
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        return set(constraint.fields)
    every = [each[0] if isinstance(each, tuple | list) else each for each in getattr(constraint, "expressions", ())]
    parts = [part for each in every for part in (each.flatten() if hasattr(each, "flatten") else [each])]
    return {getattr(part, "name", part) for part in parts if isinstance(part, str) or hasattr(part, "name")}


def relations_to(target):
    """Every column that names a family (or a person), many-to-many tables included. The history is left alone."""
    found = [
        Relation(model, field)
        for model in apps.get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if field.remote_field and field.remote_field.model is target
    ]
    return sorted(found, key=lambda relation: relation.name)


def named(name):
    """The table and the column behind a name in a record: "households.Contact.household"."""
    label, _, field = name.rpartition(".")
    model = apps.get_model(label)
    return model, model._meta.get_field(field)


def move_all(target, *, from_id, to_id, leave=None):
    """Move every row, and say which, for the record. `leave` are the rows to pass over: a Q for each model."""
    moved = []
    for relation in relations_to(target):
        if not relation.moves:
            continue
        rows = relation.rows(from_id)
        if leave and relation.model in leave:
            rows = rows.exclude(leave[relation.model])
        if ids := move_rows(rows, relation.field, to_id):
            moved.append({"field": relation.name, "from": from_id, "to": to_id, "ids": ids})
    return moved


def move_rows(rows, field, to):
    """Give these rows another family; the ids of those that the database let through."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return []
    with_field = rows.model._base_manager
    try:
        with transaction.atomic():
            with_field.filter(pk__in=ids).update(**{field.attname: to})
    except IntegrityError:
        # Something that can be there once, is there: the rest still moves.
        return [pk for pk in ids if _moves_alone(with_field.filter(pk=pk), field, to)]
    return ids


def _moves_alone(row, field, to):
    try:
        with transaction.atomic():
            row.update(**{field.attname: to})
    except IntegrityError:
        return False
    return True


def count_of(household):
    """How many of each kind hang on this family, in one question: pairs of a plural and a number, none of zero."""
    relations = [
        relation
        for relation in relations_to(Household)
        if relation.moves and relation.name not in NOT_COUNTED and not relation.model._meta.auto_created
    ]
    counts, values = [], []
    for relation in relations:
        sql, params = relation.rows(household.pk).values("pk").query.sql_with_params()
        counts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        numbers = cursor.fetchone()
    return [
        (relation.model._meta.verbose_name_plural if number != 1 else relation.model._meta.verbose_name, number)
        for relation, number in zip(relations, numbers, strict=True)
        if number
    ]
