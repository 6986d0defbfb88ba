"""Serve with gunicorn, without a list of who asked for what."""

import gc
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger


class _NoAddresses(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Drop what gunicorn says about one request: it would name an address."""
        return "ip=" not in str(record.msg)


class QuietLogger(Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(_NoAddresses())

    def access(self, *_args: Any) -> None:
        pass


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def serve_forever(
    app: Flask,
    bind: str,
    *,
    workers: int,
    threads: int,
    begin: Callable[[], object] = lambda: None,
) -> None:
    """Serve an app that is loaded already: the workers share its memory.

    `begin` runs in each worker once it is there.
    """
    # Else each worker would compile every page when its first children come.
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    # A collector that walked what is loaded would give each worker its own copy.
    gc.collect()
    gc.freeze()
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "preload_app": True,
        "logger_class": QuietLogger,
        "accesslog": None,
        "control_socket_disable": True,
        "proc_name": "engage",
        "post_worker_init": lambda _worker: begin(),
    }
    _Server(app, options).run()
