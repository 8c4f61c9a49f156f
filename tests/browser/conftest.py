"""One Chromium for all tests of a folder: it takes longer to start than most of them take."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.driver import browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(autouse=True)
def _pages_are_closed(chromium: Any) -> Iterator[None]:
    """What a test leaves open would go on asking its server, and take the time of the tests that follow."""
    yield
    for context in chromium.contexts:
        context.close()
