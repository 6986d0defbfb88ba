"""The pages that children and young people see."""

from flask import Blueprint, session

from engage.web.young import helping, holding, joining, keeping, talking, writing

bp = Blueprint("young", __name__)


@bp.app_context_processor
def _every_page() -> dict[str, object]:
    """How it should look, and whether there is a talk to go back to."""
    return {"look": session.get(holding.LOOK, ""), "in_talk": holding.TALK in session}


for each in (joining, talking, keeping, helping, writing):
    bp.register_blueprint(each.bp)
