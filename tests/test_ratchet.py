"""What was noticed once is noticed ever after."""

import json

from tests import ratchet


def test_recall_on_now_and_concern_never_falls():
    kept = json.loads(ratchet.KEPT.read_text("utf-8"))
    found = ratchet.figures()
    assert found.keys() == kept.keys()
    fallen = {
        name: (found[name], kept[name]) for name in kept if found[name] < kept[name]
    }
    assert fallen == {}
