from datetime import timedelta

import pytest

from engage.core.people import InspectionId, Role, StaffId, VaultId
from engage.core.sealing.keys import Holder
from engage.store import gatherings, inspections, scripts, staff
from tests.store.making import DAY, NOON, make_inspection, make_scene, make_staff

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(store):
    with store.begin() as db:
        return make_scene(db)


def new_gathering(scene, code="BLUE-OTTER-12"):
    return gatherings.NewGathering(
        inspection=scene.inspection,
        join_code=code,
        place="The old library",
        adult="Jo",
        phone="0141 000 0000",
        day=DAY,
        closes_at=NOON + HOUR,
    )


def test_an_inspection_comes_back_as_it_was_added(store, scene):
    with store.read() as db:
        found = inspections.by_slug(db, "glen")
        assert found == inspections.get(db, scene.inspection)
        assert inspections.every(db) == (found,)
        assert inspections.of_staff(db, scene.ailsa) == (found,)
        assert inspections.staff_of(db, scene.inspection) == (scene.ailsa,)
        assert inspections.by_slug(db, "nowhere") is None
        assert inspections.get(db, InspectionId(99)) is None
    assert found.cover == {"monday": "ailsa"}
    assert found.local == {"lead": "Moira", "out_of_hours": None}
    assert found.open is True


def test_no_two_inspections_have_one_slug(store, scene):
    with store.begin() as db, pytest.raises(inspections.SlugTaken):
        make_inspection(db, "glen")


def test_an_inspection_is_closed_and_its_cover_changed(store, scene):
    with store.begin() as db:
        inspections.close(db, scene.inspection)
        inspections.set_cover(db, scene.inspection, {"tuesday": "calum"})
        found = inspections.get(db, scene.inspection)
    assert found.open is False
    assert found.cover == {"tuesday": "calum"}


def test_people_are_sealed_to_by_the_newest_vault_of_each_holder(store, scene):
    with store.begin() as db:
        second = inspections.add_vault(db, scene.inspection, Holder.DUTY, 2, b"new")
        with pytest.raises(inspections.VaultTaken):
            inspections.add_vault(db, scene.inspection, Holder.DUTY, 2, b"newer")
        current = inspections.current_vaults(db, scene.inspection)
        assert inspections.vault_of(db, second) == current[Holder.DUTY]
        assert inspections.vault_of(db, VaultId(99)) is None
        assert len(inspections.vaults(db, scene.inspection)) == 3
    assert current[Holder.DUTY].public == b"new"
    assert current[Holder.EVIDENCE].id == scene.evidence


def test_staff_come_back_by_name_and_id(store, scene):
    with store.begin() as db:
        found = staff.by_name(db, "ailsa-glen")
        assert found == staff.get(db, scene.ailsa)
        assert (found.role, found.public) == (Role.DUTY, b"public")
        assert staff.by_name(db, "nobody") is None
        assert staff.get(db, StaffId(99)) is None
        with pytest.raises(staff.NameTaken):
            make_staff(db, "ailsa-glen")


def test_people_open_only_the_vaults_that_were_granted(store, scene):
    with store.begin() as db:
        staff.grant(db, scene.duty, scene.ailsa, b"sealed")
        staff.grant(db, scene.duty, scene.ailsa, b"again")
        calum = make_staff(db, "calum")
        assert staff.grants(db, calum) == ()
        (grant,) = staff.grants(db, scene.ailsa)
        assert (grant.vault, grant.holder) == (scene.duty, Holder.DUTY)
        assert (grant.version, grant.envelope) == (1, b"sealed")
        staff.revoke(db, scene.duty, scene.ailsa)
        assert staff.grants(db, scene.ailsa) == ()


def test_a_session_lasts_until_it_runs_out(store, scene):
    with store.begin() as db:
        staff.sign_in(db, "t", scene.ailsa, envelope=b"sealed", expires_at=NOON + HOUR)
        found = staff.session(db, "t", NOON)
        assert found.staff.id == scene.ailsa
        assert (found.envelope, found.expires_at) == (b"sealed", NOON + HOUR)
        assert staff.session(db, "u", NOON) is None
        assert staff.session(db, "t", NOON + HOUR) is None
        assert staff.forget_expired(db, NOON) == 0
        assert staff.forget_expired(db, NOON + HOUR) == 1
        assert staff.session(db, "t", NOON) is None


def test_signing_out_ends_the_session(store, scene):
    with store.begin() as db:
        staff.sign_in(db, "t", scene.ailsa, envelope=b"", expires_at=NOON + HOUR)
        staff.sign_out(db, "t")
        assert staff.session(db, "t", NOON) is None


def test_a_gathering_is_found_by_its_join_code(store, scene):
    with store.begin() as db:
        number = gatherings.add(db, new_gathering(scene))
        found = gatherings.by_join_code(db, "BLUE-OTTER-12")
        assert found == gatherings.get(db, number)
        assert (found.place, found.adult, found.day) == ("The old library", "Jo", DAY)
        assert found.closes_at == NOON + HOUR
        assert gatherings.of_inspection(db, scene.inspection) == (found,)
        assert gatherings.by_join_code(db, "RED-OTTER-12") is None
        with pytest.raises(gatherings.JoinCodeTaken):
            gatherings.add(db, new_gathering(scene))


def test_a_card_is_known_only_in_its_own_inspection(store, scene):
    with store.begin() as db:
        other = make_inspection(db, "other")
        gatherings.add_cards(db, scene.inspection, ["h1", "h2"])
        gatherings.add_cards(db, scene.inspection, ["h2", "h3"])
        gatherings.add_cards(db, scene.inspection, [])
        assert gatherings.is_card(db, scene.inspection, "h3")
        assert not gatherings.is_card(db, scene.inspection, "h4")
        assert not gatherings.is_card(db, other, "h1")


def test_a_script_is_kept_once_and_never_changed(store):
    files = {"a.yaml": "script: å"}
    with store.begin() as db:
        scripts.keep(db, "d", files)
        scripts.keep(db, "d", {"a.yaml": "changed"})
        assert scripts.get(db, "d") == files
        assert scripts.get(db, "e") is None
