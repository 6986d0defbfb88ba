from tests.databases import (  # noqa: F401
    postgresql,
    postgresql_store,
    postgresql_url,
    sqlite,
    sqlite_template,
    store,
)
