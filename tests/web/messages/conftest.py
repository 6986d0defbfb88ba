import pytest

from tests.factories import PASSWORD
from tests.page import Browser
from tests.web.child import Child


@pytest.fixture
def child(app, inspection):
    """A child whose flag has been raised, on the page of their talk."""
    child = Child(app).joins().skips_to("safe-home")
    child.says(answer="never")
    return child


@pytest.fixture
def desk(app, inspection):
    desk = Browser(app.test_client())
    desk.sign_in("dee", PASSWORD)
    return desk


@pytest.fixture
def opened(desk, child):
    """The desk, with the child's flag in somebody's hands."""
    for move in ("open", "acknowledge", "take"):
        desk.post(f"/duty/flags/1/{move}")
    return desk
