"""A small script with every kind of step, and the files it is made of."""

TALK = "young-people/talk.yaml"

SCALES = """\
scales:
  how-much:
    - {id: a-lot, text: {younger: "Yes", older: "A lot"}, face: great}
    - {id: a-bit, text: "A bit", face: middle, voices: [older]}
    - {id: not-at-all, text: "No", face: bad}
piles:
  - {id: well, text: "Going well", face: good}
  - {id: not-well, text: "Not so good", face: low}
"""
WELCOME = """\
sections:
  - section: welcome
    title: "Hello"
    arc: warm-up
    steps:
      - say: hello
        text:
          - {younger: "Hi.", older: "Hello."}
          - "This is *private*."
      - choose: practice
        practice: true
        lead: "Try one."
        ask: {younger: "Soup?", older: "Do you like soup?"}
        options:
          - {id: yes, text: "Yes"}
          - {id: no, text: "No"}
          - {id: off, text: "I went off it", voices: [older]}
"""
SCRIPT = """\
script: talk
title: {younger: "Talk", older: "Your talk"}
programme: living-at-home
audience: young-people
voices: [younger, older]
sections:
  - include: shared/welcome.yaml
  - section: people
    title: "People"
    arc: middle
    steps:
      - people: helpers
        ask: "Who helps you?"
        options: [{id: teacher, text: "Teacher"}, {id: nurse, text: "Nurse"}]
        at-most: 3
      - scale: safe
        ask: "Do you feel safe?"
        points: how-much
        safeguard: {not-at-all: {level: concern, category: neglect}}
        sensitive: true
        wellbeing: [safe]
        indicators: ["2.1"]
        rights: [19]
  - section: each
    title: "Each"
    arc: middle
    for-each: helpers
    when: {answered: helpers, practice: [yes, off]}
    steps:
      - choose-many: like
        when: {any: [{person: nurse}, {not: {safe: a-lot}}]}
        ask: "What is {person} like?"
        options:
          - {id: kind, text: "Kind"}
          - {id: scary, text: "Scary", safeguard: {level: check, category: emotional}}
  - section: end
    title: "End"
    arc: cool-down
    voices: [older]
    steps:
      - sort: cards
        ask: "How are these?"
        cards: [{id: sleep, text: "Sleep"}]
      - write: words
        short: true
        ask: {older: "You like {practice|something}. Anything else?"}
"""
SOURCES = {TALK: SCRIPT, "young-people/shared/welcome.yaml": WELCOME} | {
    "scales.yaml": SCALES,
    "young-people/another.yaml": "script: another",
}
