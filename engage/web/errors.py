"""What goes wrong becomes a page that says what to do, and not what was sent.

But for what staff typed after their sign-in had ended, which would be lost.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from engage.web.access import ended, may
from engage.web.i18n import gettext as _

Page = tuple[str, int]


class QuietFlask(Flask):
    """Flask, except that an error is logged by its kind and place, without words.

    A traceback or a message may quote what a child wrote.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is async, and to look takes its time on every hook."""
        return func

    def log_exception(
        self,
        exc_info: (
            tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]
        ),
    ) -> None:
        kind, _error, trace = exc_info
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = trace.tb_frame.f_code.co_qualname if trace else "?"
        line = trace.tb_lineno if trace else 0
        name = kind.__name__ if kind else "?"
        self.logger.error("%s in %s, line %d", name, where, line)


def configure(app: Flask) -> None:
    app.register_error_handler(HTTPException, _say)
    app.register_error_handler(CSRFError, _too_old)
    app.register_error_handler(404, _not_there)
    app.register_error_handler(405, _not_that_way)


def _not_there(_error: HTTPException) -> Page:
    typed = _typed_by_staff()
    if typed:
        return render_template("errors/kept.html", typed=typed), 404
    return render_template("errors/404.html"), 404


def _typed_by_staff() -> list[str]:
    """What somebody at the desk typed whose sign-in ended meanwhile.

    It is kept nowhere, so it is given back: to a page of ours alone.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method != "POST" or not ours or not ended(request.endpoint):
        return []
    fields = request.form.items(multi=True)
    return [said for name, said in fields if name != "csrf_token" and " " in said]


def _not_that_way(error: MethodNotAllowed) -> Any:
    """405, but only to those who may see the page that is asked in the wrong way."""
    if not any(_may_ask(method) for method in error.valid_methods or ()):
        return _not_there(error)
    page = render_template(
        "errors/error.html",
        title=_("This page doesn’t work that way"),
        message=_("Go back, and use the buttons on the page."),
    )
    return page, 405, {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def _may_ask(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _values = adapter.match(method=method)
    except HTTPException:
        # The form of the address is known; there is nothing at it, or elsewhere.
        return False
    return may(endpoint)


def _too_old(_error: CSRFError) -> Page:
    return _page(
        400,
        _("This page was open for too long"),
        _("Go back, load the page again, and try once more."),
    )


def _say(error: HTTPException) -> Any:
    if isinstance(error, RequestRedirect):
        return error
    match error.code:
        case 400:
            title = _("We couldn’t read that")
            message = _("Go back and try again.")
        case 413:
            title = _("That is too long")
            message = _("Go back and send a shorter one. Nothing else was lost.")
        case 429:
            title = _("That was a lot of tries")
            message = _("Wait a minute, then try again.")
        case _:
            title = message = ""
    return _page(error.code or 500, title, message)


def _page(code: int, title: str, message: str) -> Page:
    return render_template("errors/error.html", title=title, message=message), code
