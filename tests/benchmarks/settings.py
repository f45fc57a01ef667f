"""The settings of the project, with one empty page as a yardstick."""

from buurtwerk.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
