"""Only as much of an inspection as a test of the store needs."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from engage.core.people import InspectionId, Role, StaffId, TalkId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.sealing.keys import Holder
from engage.store import flags, inspections, scripts, staff, talks

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
DIGEST = "d" * 64
TALK = TalkId("a" * 32)


@dataclass(frozen=True)
class Scene:
    inspection: InspectionId
    evidence: VaultId
    duty: VaultId
    ailsa: StaffId


def make_staff(db: Connection, name: str) -> StaffId:
    return staff.add(
        db,
        staff.NewStaff(
            name=name, called=name, role=Role.DUTY, public=b"public", wrapped=b"wrapped"
        ),
    )


def make_inspection(db: Connection, slug: str) -> InspectionId:
    return inspections.add(
        db,
        inspections.NewInspection(
            slug=slug,
            programme="living-at-home",
            area="Glen Example",
            script_id="young-people/living-at-home",
            cover={"monday": "ailsa"},
            local={"lead": "Moira", "out_of_hours": None},
        ),
    )


def make_scene(db: Connection, slug: str = "glen") -> Scene:
    inspection = make_inspection(db, slug)
    ailsa = make_staff(db, f"ailsa-{slug}")
    inspections.assign(db, inspection, ailsa)
    scripts.keep(db, DIGEST, {"a.yaml": "script: a"})
    return Scene(
        inspection,
        inspections.add_vault(db, inspection, Holder.EVIDENCE, 1, b"evidence"),
        inspections.add_vault(db, inspection, Holder.DUTY, 1, b"duty"),
        ailsa,
    )


def make_talk(
    db: Connection, scene: Scene, talk_id: TalkId = TALK, key_hash: str = "k"
) -> TalkId:
    talks.add(
        db,
        talks.NewTalk(
            id=talk_id,
            inspection=scene.inspection,
            day=DAY,
            digest=DIGEST,
            key_hash=key_hash,
            head=b"head",
            keys={scene.evidence: b"sealed key"},
        ),
    )
    return talk_id


def new_flag(
    scene: Scene,
    reference: str = "K7-42",
    *,
    level: Level = Level.CONCERN,
    minutes: int = 0,
    tag: str | None = None,
) -> flags.NewFlag:
    at = NOON + timedelta(minutes=minutes)
    return flags.NewFlag(
        inspection=scene.inspection,
        reference=reference,
        level=level,
        raised_at=at,
        due_at=at + timedelta(hours=1),
        vault=scene.duty,
        tag=tag,
    )


def nonce() -> bytes:
    return os.urandom(12)
