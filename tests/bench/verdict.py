"""Say what was measured, beside its limit; end with 1 if a limit is broken."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    what: str
    measured: float
    limit: float | None = None
    unit: str = ""
    least: bool = False
    """The limit is the least that will do, not the most."""

    @property
    def held(self):
        if self.limit is None:
            return True
        if self.least:
            return self.measured >= self.limit
        return self.measured <= self.limit


def say(rows, *, as_json):
    broken = [row.what for row in rows if not row.held]
    if as_json:
        print(json.dumps({"rows": [*map(asdict, rows)], "broken": broken}, indent=2))
    else:
        for row in rows:
            print(_line(row))
    sys.exit(1 if broken else 0)


def _line(row):
    measured = f"{row.measured:,.2f}".removesuffix(".00")
    if row.limit is None:
        return f"      {row.what:<58}{measured:>12} {row.unit}"
    mark, sign = ("ok" if row.held else "OVER"), ("≥" if row.least else "≤")
    return f"{mark:<6}{row.what:<58}{measured:>12} {row.unit} ({sign} {row.limit:,g})"
