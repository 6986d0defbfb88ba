"""Write tests/transcripts again: `python -m tests.write_transcripts`.

Look at the difference before you keep it: it is what a child will read.
"""

from tests.speaking import options
from tests.test_transcripts import FOLDER, begin, transcript

SAFE = {"worried/*/safe-now": "Yes", "worried/*/next": "Carry on"}
SAM = {"people-who-help": "Social worker: Sam"}

PLANS = {
    "living-at-home/all-is-well-younger": (
        "# living-at-home, younger, by gathering, with cover",
        {**SAM, "*": "first", "good-thing": "My dog."},
    ),
    "living-at-home/all-is-well-older": (
        "# living-at-home, older, by card, with cover",
        {**SAM, "*": "first", "good-thing": "Swimming on Saturdays."},
    ),
    "living-at-home/skips-everything": (
        "# living-at-home, younger, by open, with cover",
        {},
    ),
    "living-at-home/not-safe-with-cover": (
        "# living-at-home, younger, by gathering, with cover",
        {**SAFE, "safe-home": "last", "worried/*/add": "Please tell my teacher."},
    ),
    "living-at-home/not-safe-out-of-hours": (
        "# living-at-home, older, by card, without cover",
        {**SAFE, "safe-home": "last", "worried/*/safe-now": "No"},
    ),
    "living-at-home/nobody-can-find-them": (
        "# living-at-home, older, by open, with cover",
        {**SAFE, "safe-home": "last", "worried/*/reach": "Robin, at the club."},
    ),
    "living-at-home/stops-after-a-worry": (
        "# living-at-home, younger, by gathering, with cover",
        {**SAFE, "safe-home": "last", "worried/*/next": "Stop here"},
    ),
    "living-at-home/does-not-want-it-passed-on": (
        "# living-at-home, younger, by card, with cover",
        {"safe-home": "Sometimes", "worried/*/check-in": "No, leave it"},
    ),
    "living-at-home/stops-and-carries-on-after-all": (
        "# living-at-home, younger, by gathering, with cover",
        {
            **SAFE,
            "safe-home": "last",
            "worried/*/next": "Stop here",
            "at the end": ["(back to worried/safe-home/next) Carry on"],
        },
    ),
    "at-risk-of-harm/changes-their-mind": (
        "# at-risk-of-harm, older, by gathering, with cover",
        {
            **SAFE,
            "safe-home": "Sometimes",
            "worried/*/check-in": "Yes, pass it on",
            "at turn-to": ["(back to safe-home) Mostly"],
            "at the end": ["(back to know-how-to-complain) No"],
        },
    ),
    "at-risk-of-harm/skips-everything": (
        "# at-risk-of-harm, older, by card, with cover",
        {},
    ),
    "at-risk-of-harm/all-is-well-older": (
        "# at-risk-of-harm, older, by gathering, with cover",
        {**SAM, "*": "first", "good-thing": "My new room."},
    ),
    "at-risk-of-harm/a-seventeen-year-old-worries": (
        "# at-risk-of-harm, older, by card, with cover",
        {**SAFE, "age-band": "16 or 17", "safe-home": "last"},
    ),
    "at-risk-of-harm/writes-something-worrying": (
        "# at-risk-of-harm, younger, by gathering, with cover",
        {**SAFE, "anything-else": "He hits me when mum is out."},
    ),
}


def reply_of(plan, talk):
    """What the child says where; second thoughts come once, at their place."""
    second = {at: list(said) for at, said in plan.items() if at.startswith("at ")}

    def reply(turn):
        thoughts = second.get(f"at {turn.step.id}" if turn else "at the end")
        if thoughts:
            return thoughts.pop(0)
        if turn is None:
            return None
        named = turn.step.id if turn.worry is None else f"worried/*/{turn.worry.value}"
        wanted = plan.get(named, plan.get("*", "Skip") if not turn.worry else "Skip")
        return typed(wanted, talk, turn)

    return reply


def typed(wanted, talk, turn):
    """`first` and `last` stand for the first and the last of the answers."""
    if wanted not in ("first", "last"):
        return wanted
    offered = [label for _, label in options(talk.conversation, turn)]
    if not offered or turn.step.piles or turn.step.kind == "people":
        return "Skip"
    return offered[0 if wanted == "first" else -1]


def main():
    for name, (header, plan) in PLANS.items():
        file = FOLDER / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = transcript(header, reply_of(plan, begin(header)))
        file.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
