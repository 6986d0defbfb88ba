"""The desk where the duty inspector sees flags."""

from flask import Blueprint

from engage.web.duty import desk, flag, handing_over, raising, rota, telling, writing

bp = Blueprint("duty", __name__)
bp.register_blueprint(desk.bp)
bp.register_blueprint(flag.bp)
bp.register_blueprint(raising.bp)
bp.register_blueprint(rota.bp)
bp.register_blueprint(writing.bp)
bp.register_blueprint(handing_over.bp)
bp.register_blueprint(telling.bp)
