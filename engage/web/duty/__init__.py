"""The desk where the duty inspector sees flags."""

from flask import Blueprint

from engage.web.duty import desk, flag

bp = Blueprint("duty", __name__)
bp.register_blueprint(desk.bp)
bp.register_blueprint(flag.bp)
