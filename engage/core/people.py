"""Who may be at the other end, and the words for them."""

from enum import StrEnum
from typing import NewType

InspectionId = NewType("InspectionId", int)
StaffId = NewType("StaffId", int)
VaultId = NewType("VaultId", int)
FlagId = NewType("FlagId", int)
GatheringId = NewType("GatheringId", int)
TalkId = NewType("TalkId", str)
"""32 hex characters; random, so that it counts nobody."""


class Role(StrEnum):
    """Who may see a page. `ANYONE` needs nothing; `YOUNG_PERSON` holds a talk key."""

    ANYONE = "anyone"
    YOUNG_PERSON = "young person"
    DUTY = "duty inspector"
    EVIDENCE = "evidence inspector"
    LEAD = "inspection lead"
    FACILITATOR = "facilitator"
    """In the room with the children; often a young inspection volunteer."""
    ADMIN = "administrator"


class Voice(StrEnum):
    """How a script is worded."""

    YOUNGER = "younger"
    OLDER = "older"
