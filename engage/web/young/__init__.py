"""The pages that children and young people see."""

from flask import Blueprint

from engage.web.young import helping, joining, keeping, talking

bp = Blueprint("young", __name__)
for each in (joining, talking, keeping, helping):
    bp.register_blueprint(each.bp)
