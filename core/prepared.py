"""A question to the database that is put together once and asked on every page.

Django takes longer to put a large query together, and to write it as SQL, than the database to answer it.
Here that is done at the first request; at the others the values of that request take their places in the SQL.
"""

from collections.abc import Callable, Hashable, Iterable
from copy import copy
from typing import Any, Final, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet

Row = TypeVar("Row")
# The question, its compiler, its SQL, and what takes the places in it: values, and where others are Given.
Ready = tuple[QuerySet[Model, Row], Any, str, tuple[object, ...]]


class Given(Expression):
    """A value that a prepared question names, and that is given each time it is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A place for the value, at which ask() finds what was named."""
        return "%s", (self,)


class PreparedQuestion(Generic[Row]):
    """A question whose parts that are Given change from one asking to the next, and nothing else.

    What it says must not depend on the time or on settings: use Given for these too.
    """

    def __init__(self, build: Callable[..., QuerySet[Model, Row]]) -> None:
        """Take how it is put together; build() is called once for each of its arguments and engine."""
        self._build: Final = build
        self._ready: dict[Hashable, Ready[Row]] = {}

    def ask(self, *shape: Hashable, **values: object) -> QuerySet[Model, Row]:
        """The query set that answers, to be read as it is and not to be changed.

        Args:
            shape: the arguments of build().
            values: what is Given, by name.
        """
        queryset, compiler, sql, places = self._prepared(shape)
        found = queryset.all()
        bound = copy(compiler)
        bound.connection = connection = connections[found.db]
        params = tuple(
            place.output_field.get_db_prep_value(values[place.name], connection)
            if isinstance(place, Given)
            else place
            for place in places
        )
        bound.as_sql = lambda *_, **__: (sql, params)
        found.query.__dict__["get_compiler"] = lambda *_, **__: bound
        return found

    def _prepared(self, shape: tuple[Hashable, ...]) -> "Ready[Row]":
        key = (connections["default"].vendor, *shape)
        if key not in self._ready:
            queryset = self._build(*shape)
            compiler = queryset.query.get_compiler(queryset.db)
            sql, params = compiler.as_sql()
            # It is kept for all threads, the connection is one thread's alone.
            compiler.connection = None
            self._ready[key] = queryset, compiler, sql, tuple(params)
        return self._ready[key]


def put_at_hand(instance: Model, name: str, rows: Iterable[Model]) -> None:
    """Let the related rows of an instance be there as if they had been prefetched."""
    manager = getattr(instance, name)
    found = manager.get_queryset()
    found._result_cache = list(rows)
    found._prefetch_done = True
    for row in found._result_cache:
        setattr(row, manager.field.name, instance)
    vars(instance).setdefault("_prefetched_objects_cache", {})[name] = found
