"""A child with a phone: what they tap, in their words."""

from playwright.sync_api import Error

STATE = """() => {
  const turn = document.readyState !== "loading" && document.querySelector("#turn");
  if (!turn) return null;
  return turn.querySelector("input[name=place]")?.value ?? "the end";
}"""


class Child:
    """Goes through the pages as a child would."""

    def __init__(self, page):
        self.page = page

    def joins(self, code="teal fox 42", voice="older"):
        self.page.goto("/")
        self.page.get_by_label("Code on your card").fill(code)
        self.page.get_by_role("button", name="Start").click()
        self.page.locator(f"button[value={voice}]").click()
        self.page.get_by_role("button", name="Yes, let’s begin").click()
        self.page.locator("#turn form").wait_for()

    @property
    def place(self):
        form = self.page.locator("#turn input[name=place]")
        return form.input_value() if form.count() else None

    def answers(self, id):
        self._moves(lambda: self._button(id).click())

    def skips(self):
        skip = self.page.locator("#turn button[name=silence][value=skip]")
        self._moves(skip.click)

    def writes(self, text):
        self.page.locator("#turn [name=text]").fill(text)
        self._moves(self.page.locator("#turn .go").click)

    def skips_to(self, place):
        for _ in range(80):
            if self.place == place:
                return
            self.skips()
        raise AssertionError(f"{place} never came; at {self.place}")

    def skips_to_the_end(self):
        for _ in range(80):
            if self.place is None:
                return
            self.skips()
        raise AssertionError(f"no end; at {self.place}")

    def _button(self, id):
        return self.page.locator(f"#turn button[name=answer][value={id}]")

    def _moves(self, tap):
        before = self.place
        tap()
        # Asked again and again from here: what Playwright puts into a page to wait
        # there is refused by our own policy.
        for _ in range(400):
            if self._state() not in (None, before):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"nothing came after {before}")

    def _state(self):
        """Where the talk is; None while a page is on its way."""
        try:
            return self.page.evaluate(STATE)
        except Error:  # the page went away while it was asked
            return None
