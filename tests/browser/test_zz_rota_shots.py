import pytest
from tests.browser.test_rota import *
def test_shots(rota):
    rota.screenshot(path="/tmp/rota-phone.png")
    rota.get_by_text("Add one shift").click()
    rota.screenshot(path="/tmp/rota-phone-all.png", full_page=True)
    rota.set_viewport_size(WIDE)
    rota.screenshot(path="/tmp/rota-wide-all.png", full_page=True)
    rota.pdf(path="/tmp/rota.pdf")
