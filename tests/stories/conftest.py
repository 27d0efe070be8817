"""The database of a story, by the name of its engine."""

import pytest


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database that only this test has; parametrize it with `sqlite` or `postgresql`."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_own_url"))
