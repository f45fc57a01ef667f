"""Whether rows that were just made are still as they were made: only then can they be taken back without a trace."""

from households.moving import relations_to


def changed_since(model, ids):
    """The ids of those that were changed or removed since they were made: their history knows."""
    later = model.pgh_event_model.objects.filter(pgh_obj_id__in=ids).exclude(pgh_label="insert")
    there = set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
    return set(later.values_list("pgh_obj_id", flat=True)) | set(ids) - there


def hung_on_since(model, ids, *, along):
    """The ids of those that something hangs on, but for what came along with them: `along` are ids by model."""
    hung_on = set()
    for relation in relations_to(model):
        rows = relation.model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        rows = rows.exclude(pk__in=along.get(relation.model, ()))
        hung_on |= set(rows.values_list(relation.field.attname, flat=True))
    return hung_on
