"""Whether all is well, for whoever watches the machine: /healthz."""

from flask import Blueprint, Response, jsonify

from engage.core.people import Role
from engage.services import dispatching
from engage.web.access import allow
from engage.web.wiring import engage

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(Role.ANYONE)
def healthz() -> tuple[Response, int]:
    """200 while flags reach people; 503 when no dispatcher beats, or a flag is late.

    It counts flags that are late over all inspections, and says nothing else of them.
    """
    found = dispatching.health(engage().store, engage().now())
    said = {
        "dispatcher": "at work" if found.beating else "silent",
        "late": found.late,
    }
    return jsonify(said), 200 if found.well else 503
