"""The databases a test of the store can ask for."""

from tests.postgres import cluster as cluster
from tests.store.shelf import db as db
from tests.store.shelf import postgres_pair as postgres_pair
from tests.store.shelf import postgres_shelf as postgres_shelf
from tests.store.shelf import shelf as shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template
