"""Our migrate makes no models anew for a constraint, an index or a trigger; what it knows of them stays right."""

from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from buurtwerk.accounts.management.commands.migrate import keep_models

NAMED = models.CheckConstraint(condition=~models.Q(name=""), name="has_a_name")
BY_NAME = models.Index(fields=["name"], name="by_name")


def test_a_constraint_and_an_index_are_told_to_the_models_that_are_there():
    state = ProjectState()
    state.add_model(ModelState("places", "Bench", [("name", models.CharField(max_length=20))]))
    bench = state.apps.get_model("places", "Bench")
    operations = [migrations.AddConstraint("bench", NAMED), migrations.AddIndex("bench", BY_NAME)]

    for operation in operations:
        keep_models(operation)
        operation.state_forwards("places", state)

    assert state.apps.get_model("places", "Bench") is bench
    assert (bench._meta.constraints, bench._meta.indexes) == ([NAMED], [BY_NAME])


def test_a_field_makes_them_anew():
    state = ProjectState()
    state.add_model(ModelState("places", "Bench", [("name", models.CharField(max_length=20))]))
    bench = state.apps.get_model("places", "Bench")
    operation = migrations.AddField("bench", "colour", models.CharField(max_length=20, default=""))

    keep_models(operation)
    operation.state_forwards("places", state)

    assert state.apps.get_model("places", "Bench") is not bench
