"""How sending can fail. What is said of it holds no address and no secret."""


class Refused(Exception):
    """For good: this address takes nothing. It is not tried again."""


class Failed(Exception):
    """For now: it is tried again, and another address too."""
