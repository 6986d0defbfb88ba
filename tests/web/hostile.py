"""Requests that no browser of ours would send, from a seed: the same every time."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK = "zzqq"
SCRIPT = f"<{MARK}>\"'&"
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
NAMES = (
    *("csrf_token", "code", "voice", "answer", "place", "number", "silence", "text"),
    *("kind", "called-social-worker-1", "card-friends", "reach", "next", "size"),
    *("scheme", "name", "password", "__proto__", "answer[]", "", "{{7*7}}"),
)
VALUES = (
    *("", " ", SCRIPT, "yes", "skip", "pass-on", "null", "-1", "1e309", "[]", "../.."),
    *("safe-home", "worried/safe-home/safe-now", "person-listens@p9", "younger"),
    *("practice", "age-band", "people-who-help", "a-lot", "18-plus", "social-worker"),
    *("' OR 1=1 --", "%s%n", "{{7*7}}", "\u202e\ud7ff\ufffe", "🙂" * 60, "x" * 6_000),
    *("TEALFOX42", "dee", "\r\nSet-Cookie: a=b", "${jndi:x}", "99999999999999999999"),
)
PIECES = (
    *("none", "0", "-1", "1", "2147483648", "9" * 40, "a" * 3_000, "%00", "%ff%fe"),
    *("..%2f..%2fetc%2fpasswd", "%E2%80%AE", SCRIPT, "safe-home", "practice", "%"),
    *("css/base.css", "craigmore", "%0d%0aX: y", "worried/safe-home/next", "%F0%9F"),
)
TYPES = (
    *("application/json", "text/plain", "multipart/form-data", "", "x", "é/ü"),
    *("multipart/form-data; boundary=", "application/x-www-form-urlencoded"),
    "application/x-www-form-urlencoded; charset=utf-7",
)
BODIES = (
    b"",
    b"\xff\xfe\x00",
    b"answer=%ff%fe&place=%00",
    b"place=safe-home;answer=never&&&=&",
    b'{"place": ["safe-home"], "answer": {"a": null}}',
    b"--x\r\nContent-Disposition: form-data; name=answer\r\n\r\n",
    b"answer=" + b"x" * 70_000,
    b"&".join(b"kind=%d" % n for n in range(2_000)),
)
HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"HX-Request": "true"},
    {"Accept-Encoding": "br, \x7f", "Accept-Language": "\xff;q=nan"},
    {"X-Forwarded-For": SCRIPT, "X-HTTP-Method-Override": "DELETE"},
    {"Content-Length": "-5"},
    {"Range": "bytes=0-0,5-,x", "If-Modified-Since": "yesterday"},
    {"Cookie2": "x" * 9_000, "Referer": "javascript:1"},
)
_ARGUMENT = re.compile(r"<[^<>]+>")


@dataclass
class Attacker:
    """`tokens`: what it may put where the token of a form belongs."""

    rng: random.Random
    rules: list[Any]
    tokens: list[str] = field(default_factory=list)

    def requests(self, count: int) -> Iterator[dict[str, Any]]:
        """Every route comes as often as every other."""
        for n in range(count):
            rule = self.rules[n % len(self.rules)]
            yield {
                "path": self._path(rule),
                "method": self._method(rule),
                "headers": self.rng.choice(HEADERS),
                "environ_base": {"REMOTE_ADDR": f"10.0.{n // 256}.{n % 256}"},
                **self._body(),
            }

    def _path(self, rule: Any) -> str:
        path = _ARGUMENT.sub(lambda _: self.rng.choice(PIECES), rule.rule)
        if self.rng.random() < 0.1:
            path += self.rng.choice(("/", "//", "/x", "?a=%00", "?next=//evil", "/.."))
        return "/" + path.lstrip("/")  # two would name a host

    def _method(self, rule: Any) -> str:
        if self.rng.random() < 0.9:
            return str(self.rng.choice(sorted(rule.methods - {"HEAD", "OPTIONS"})))
        return self.rng.choice(METHODS)

    def _body(self) -> dict[str, Any]:
        if self.rng.random() < 0.25:
            return {
                "data": self.rng.choice(BODIES),
                "content_type": self.rng.choice(TYPES),
            }
        chosen = self.rng.sample(NAMES, self.rng.randint(0, 8))
        fields = {name: self._values() for name in chosen}
        if self.tokens and self.rng.random() < 0.8:
            fields["csrf_token"] = [self.rng.choice(self.tokens)]
        return {"data": fields}

    def _values(self) -> list[str]:
        return self.rng.choices(VALUES, k=self.rng.choice((1, 1, 1, 2, 5)))
