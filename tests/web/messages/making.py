"""What the tests of messages share."""

HELLO = "Hello. I’m Dee. Are you safe right now?"
MARK = "kanarienvogel"


def writes(desk, words=HELLO, after="0", status=200):
    return desk.post(
        "/duty/flags/1/messages/send", status=status, text=words, after=after
    )


def banner(page):
    return page.select_one("#from .near")


def asks(child, **args):
    """What the page of the talk is answered when it asks by itself."""
    return child.client.get(
        "/messages/new", query_string=args, headers={"HX-Request": "true"}
    )


def sent(child, text, status=200):
    form = child.opens("/messages").select_one("form[action='/messages']")
    return child.sends(form, status, text=text)
