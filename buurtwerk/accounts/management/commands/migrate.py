from functools import partial

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.models import IndexOperation

from buurtwerk.database import as_owner


class Command(migrate.Command):
    """Django's migrate, as the owner of the tables, with the cache table along."""

    def handle(self, *args, **options):
        with as_owner():
            if not options["app_label"]:
                call_command("createcachetable", verbosity=0)
            return super().handle(*args, **options)


class Executor(MigrationExecutor):
    """Keeps its models where only a constraint, an index or a trigger comes or goes, which is half of what we do.

    Django makes some forty models anew for each, although their fields stay as they were: more than half of the time
    that an empty database takes.
    """

    def apply_migration(self, state, migration, *args, **options):
        for operation in migration.operations:
            keep_models(operation)
        return super().apply_migration(state, migration, *args, **options)


def keep_models(operation):
    if isinstance(operation, IndexOperation):
        operation.state_forwards = partial(_forwards_keeping_models, operation, operation.state_forwards)


def _forwards_keeping_models(operation, state_forwards, app_label, state):
    # A state without models makes none.
    models = state.__dict__.pop("apps", None)
    state_forwards(app_label, state)
    if models:
        meta = models.get_model(app_label, operation.model_name)._meta
        options = state.models[app_label, operation.model_name_lower].options
        meta.constraints, meta.indexes = options["constraints"], options["indexes"]
        state.apps = models


# The one that the command takes.
migrate.MigrationExecutor = Executor
