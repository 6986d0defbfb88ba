import pytest

from tests.services.channels.hub import Hub


@pytest.fixture
def hub():
    made = Hub()
    yield made
    made.close()
