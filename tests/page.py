"""Every page that any test opens is also held to these rules."""

from bs4 import BeautifulSoup
from html5lib import HTMLParser


class Browser:
    """One device: keeps its cookies, and checks whatever page it is shown."""

    def __init__(self, client):
        self.client = client

    def get(self, path, status=200):
        response = self.client.get(path, follow_redirects=status == 200)
        assert response.status_code == status, path
        return check(response.text) if response.text else None

    def post(self, path, status=200, **fields):
        """Send a form with the token that the site gave this device."""
        fields.setdefault("csrf_token", self.token())
        response = self.client.post(path, data=fields, follow_redirects=status == 200)
        assert response.status_code == status, path
        return check(response.text) if response.text else None

    def token(self):
        page = self.get("/staff/sign-in")
        return page.select_one("[name=csrf_token]")["value"]

    def sign_in(self, name, password):
        return self.post("/staff/sign-in", name=name, password=password)


def check(html):
    """The page, if it keeps the rules.

    One heading that is the page's; no id twice; a token in every form that
    changes something; nothing that the security policy forbids.
    """
    HTMLParser(strict=True).parse(html)
    page = BeautifulSoup(html, "html.parser")
    if page.title is None:
        return page  # a turn, not a whole page
    assert len(page.select("h1")) == 1, "a page has one heading"
    assert page.html["lang"]
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), "two elements share an id"
    assert not page.select("form[method=post]:not(:has([name=csrf_token]))")
    assert not page.select("[style], [onclick], script:not([src])"), "CSP forbids it"
    nameless = [
        tag
        for tag in page.select("input:not([type=hidden]), textarea, select")
        if not (tag.get("aria-label") or tag.get("aria-labelledby"))
        and not tag.find_parent("label")
        and not (tag.get("id") and page.select_one(f"label[for='{tag['id']}']"))
    ]
    assert not nameless, "a field has no name"
    return page
