"""Put the pieces together. Nothing else imports both the web and the store."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from engage import paths
from engage.services import dispatching, library
from engage.services.dispatching import Dispatcher
from engage.settings import Settings
from engage.store.engine import open_store
from engage.web import (
    access,
    duty,
    errors,
    health,
    i18n,
    packing,
    security,
    staff,
    wording,
    young,
)
from engage.web.wiring import Engage


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    now: Callable[[], datetime] = _now,
    books: library.Library | None = None,
) -> Flask:
    """`books`: the conversations, if they have been read already."""
    settings = settings or Settings.from_env(os.environ)
    store = open_store(settings.database_url)
    store.migrate()
    books = books or library.load(paths.CONVERSATIONS)
    books.keep(store)
    app = errors.QuietFlask(
        "engage",
        template_folder=str(paths.TEMPLATES),
        static_folder=str(paths.STATIC),
    )
    app.extensions["engage"] = Engage(
        settings=settings,
        store=store,
        now=now,
        library=books,
    )
    packing.configure(app)
    app.before_request(access.guard)
    security.configure(app, settings)
    errors.configure(app)
    i18n.configure(app)
    style = wording.configure(app)
    app.config["PAGE_HEADERS"] = security.on_pages(style, settings)
    app.jinja_env.globals["leave_to"] = settings.leave_to
    app.register_blueprint(young.bp)
    app.register_blueprint(staff.bp, url_prefix="/staff")
    app.register_blueprint(duty.bp, url_prefix="/duty")
    app.register_blueprint(health.bp)
    return app


def dispatcher(app: Flask) -> Dispatcher:
    """Tells people of this app's flags, once it is started."""
    wired: Engage = app.extensions["engage"]
    return dispatching.dispatcher(wired.store, wired.settings.channels, wired.now)
