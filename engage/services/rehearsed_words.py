"""What the made-up children of the demo write. All invented; nothing here is real."""

from typing import NamedTuple


class Mood(NamedTuple):
    """How things are for somebody made up: what they tend to choose and write."""

    leaning: float
    """0 picks the best point of a scale, 1 the worst that is not a worry."""
    texts: tuple[str, ...]


WELL = Mood(
    0.15,
    (
        "My worker remembers stuff I tell her. That matters to me.",
        "Football on Tuesdays. I’m in goal.",
        "gran makes the best soup",
        "I like that I get to say what happens at my meetings now.",
        "My teacher saved me a seat at the front because I like it there",
        "Nothing really, it’s going ok just now",
        "we got a dog!! well its my aunties but still",
        "I got my own room this year and I painted it green.",
        "When I said I wanted later meetings so I don’t miss art, they moved them.",
        "drawing and my pals",
        "I passed my first aid badge.",
        "Keep Sam. Sam is good at this.",
        "He always texts when he is running late.",
        "I go swimming with my brother on Saturdays",
        "It’s better than it was last year.",
    ),
)
MIXED = Mood(
    0.5,
    (
        "Some weeks are good and some are just long.",
        "I have had four workers. I would like just one.",
        "they ask me things but then it takes ages",
        "Could meetings be shorter? I stop listening after a bit.",
        "I’d like to see my plan before the meeting and not at it.",
        "I didnt know what the letter meant so I put it in the drawer",
        "The bus to the club stopped so I can’t go any more.",
        "It would help if people read what I already said.",
        "music helps",
        "Tell us what happens after. You never hear.",
        "Sometimes I say fine because it’s quicker.",
        "my wee sister makes me laugh",
        "I want to choose who comes to my meeting.",
        "It is ok. Ask me again when the exams are done.",
        "More things to do for people my age. There’s nothing here in winter.",
    ),
)
HARD = Mood(
    0.8,
    (
        "Nobody told me my worker was leaving. She was just gone.",
        "I wanted to say something at the meeting but there were too many people.",
        "They talk about me like I’m not in the room.",
        "I waited ages for help and then it was six weeks only",
        "I don’t know what my plan says. Is there one?",
        "It’s boring and no one listens",
        "I asked to change the time and never got an answer.",
        "Don’t use words I have to look up.",
        "I’d have liked to say goodbye.",
        "i just want it to be normal",
        "Ring when you say you will ring.",
        "My cat. She sleeps on my feet.",
        "I get good at waiting.",
        "Ask me first, then decide.",
        "rain on the skylight, weirdly",
    ),
)
MOODS = (WELL, WELL, MIXED, MIXED, MIXED, HARD)

NAMES = (
    "Sam",
    "Mrs Okafor",
    "Big Davie",
    "Ania",
    "Mr Mackinnon",
    "Jude",
    "Shona",
    "Dr Iqbal",
    "Kirsten",
    "Wee Al",
    "",
)
NO_MORE_THAN = 2
"""People that a made-up child names."""

ADDED = "I would like it to be someone I know already, if that is OK."
REACHED = "Robin. After school, at the club. Not at the house please."
ASKED = "Can somebody talk to me about what happens next? I don’t want to wait."
WRITTEN = "He shouts and throws things when he has been drinking. I go to my room."
