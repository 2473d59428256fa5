"""A region that the tests of a file share: a build takes longer than to take the rows away."""

from collections.abc import Iterator

import pytest

from tests.support.region import Region


@pytest.fixture(scope="module")
def shared() -> Iterator[Region]:
    region = Region()
    yield region
    region.connection.close()


@pytest.fixture
def region(shared: Region) -> Region:
    """Without any rows; a file that wants the same rows everywhere has a fixture of its own."""
    return shared.fresh()
