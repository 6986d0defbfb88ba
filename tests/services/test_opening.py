"""An inspection opens only when it is known whom a flag is handed over to."""

import pytest

from engage.core.duty.journal import Verb
from engage.services import (
    founding,
    opening,
)
from engage.store import inspections, journal
from tests.factories import NOON, make_inspection


def test_an_inspection_opens_only_when_somebody_can_be_handed_a_flag(store):
    lacking = {"name": "Morag Local", "phone": " ", "out_of_hours": None}
    with pytest.raises(founding.NotReady) as refused:
        make_inspection(store, local=lacking)
    assert refused.value.missing == ("local day phone", "out-of-hours number")
    with store.read() as db:
        assert inspections.every(db) == ()


def test_a_closed_inspection_is_opened_once_nothing_is_missing(store, inspection):
    with store.begin() as db:
        inspections.close(db, inspection.id)
        lacking = inspections.NewInspection(
            slug="glen",
            programme="living-at-home",
            area="Glen",
            script_id="living-at-home",
            cover={},
            local={},
            open=False,
        )
        glen = inspections.add(db, lacking)
    opening.open_(store, inspection.id, NOON)
    opening.open_(store, inspection.id, NOON)
    assert _of(store, inspection).open
    assert len(written(store, inspection)) == 1
    with pytest.raises(opening.NotReady):
        opening.open_(store, glen, NOON)
    with pytest.raises(opening.NoInspection):
        opening.open_(store, glen + 1, NOON)


def written(store, inspection):
    with store.read() as db:
        found = journal.of_inspection(db, inspection.id)
    return [each for each in found if each.verb == Verb.OPENED_INSPECTION]


def _of(store, inspection):
    with store.read() as db:
        return inspections.get(db, inspection.id)
