"""What the made-up children of the demo write. All invented; nothing here is real."""

from collections.abc import Mapping
from typing import NamedTuple

from engage.core.people import Voice


class Mood(NamedTuple):
    """How things are for somebody made up: what they tend to choose."""

    leaning: float
    """0 picks the best point of a scale, 1 the worst that is not a worry."""
    silences: float
    """How often they would rather not answer."""


WELL, MIXED, HARD = Mood(0.1, 0.03), Mood(0.45, 0.06), Mood(0.85, 0.1)
MOODS = (WELL, WELL, MIXED, MIXED, MIXED, HARD)

LAST_WORDS: Mapping[Voice, tuple[str, ...]] = {
    Voice.YOUNGER: (
        "we got a dog!! well its my aunties but still",
        "gran makes the best soup",
        "I like it when Sam comes to my school",
        "can the meeting have biscuits",
        "my wee sister makes me laugh",
        "I liked the rain question",
        "I am seven and three quarters nearly eight",
        "nobody asked me this before",
        "I want more swimming",
        "please tell my worker to come on time",
        "football on Tuesdays. Im in goal",
        "thank you robot",
        "the big words are too big",
        "I got a certificate for reading",
    ),
    Voice.OLDER: (
        "No, that’s about it.",
        "Tell us what happens after this. You never hear.",
        "Keep Sam. Sam is good at this.",
        "This was better than a form.",
        "I liked the faces.",
        "It would help if people read what I already said.",
        "Don’t use words I have to look up.",
        "I get good at waiting.",
        "Say thanks to Mrs Okafor from me.",
        "It’s better than it was last year.",
        "Ask me again when the exams are done.",
        "Everyone is kind and very busy.",
        "I hope the wee ones get asked this too.",
        "you should do this every year",
    ),
}
LINES: Mapping[str, tuple[str, ...]] = {
    "good-thing": (
        "My cat. She sleeps on my feet.",
        "drawing and my pals",
        "I passed my first aid badge.",
        "I go swimming with my brother on Saturdays",
        "I got my own room this year and I painted it green.",
        "rain on the skylight, weirdly",
        "Gran’s soup on a Sunday",
        "Got picked for the second team",
        "my music. headphones on, world off",
        "Youth café on Thursdays, you can just sit there and it’s fine",
        "I’m learning the bass. Badly.",
        "walking the dog down by the water before school",
        "My teacher saved me a seat at the front because I like it there.",
        "got a Saturday job at the bakers",
        "laughing with my cousin about nothing",
        "Art. They moved my meetings so I don’t miss it.",
        "my hair this month",
        "The bus driver knows my name.",
        "Making tea for everybody. I make good tea.",
        "two weeks till the school trip",
        "maths, don’t tell anyone",
        "Five a side on Fridays",
    ),
    "one-change": (
        "I have had four workers. I would like just one.",
        "Could meetings be shorter? I stop listening after a bit.",
        "I’d like to see my plan before the meeting and not at it.",
        "Ring when you say you will ring.",
        "I want to choose who comes to my meeting.",
        "More clubs for people my age, in winter too.",
        "Ask me first, then decide.",
        "less letters. just text me",
        "Bring back the late bus to the club.",
        "Don’t take me out of class for meetings, everyone looks",
        "They could write things so I understand them.",
        "Not telling my story again from the start every time",
        "Nothing really, it’s going OK just now.",
        "A youth worker nearer my own age",
        "More than six weeks of it.",
        "Let my gran come too.",
        "Somewhere to meet that isn’t an office",
        "a worker who likes football",
        "They ask me things but then it takes ages. Make it quicker.",
        "Tell me when somebody is leaving.",
        "Help for my gran as well.",
        "evenings. I’m at college all day",
    ),
    "hearing-more": (
        "I wanted to say something but there were too many people.",
        "They talked about me like I wasn’t in the room.",
        "It was over in ten minutes and I had written two pages.",
        "The grown-ups used all the time up.",
        "I asked to change the day and never got an answer.",
        "One lady looked at me when I talked. The rest read their papers.",
        "Nobody read out the thing I did with my advocate.",
        "I didn’t know I was allowed to speak till the end.",
    ),
    "what-i-need-more": (
        "The heating is dear so we wear big jumpers.",
        "Mostly fine, it’s just the end of the month that’s tight.",
        "I could do with a coat for winter.",
        "School breakfast club sorts me out.",
        "It depends whose week it is.",
        "My shoes are a bit small but I’m getting new ones.",
        "Gran helps when money is short.",
        "people are kind just busy",
    ),
    "what-changed-more": (
        "More meetings, same as before otherwise.",
        "Nobody told me my worker was leaving. She was just gone.",
        "I waited ages for help and then it was six weeks only.",
        "I miss more school now because of appointments.",
        "My pals ask why I’ve got a social worker.",
        "i just want it to be normal",
        "Everyone knows my business now.",
        "It’s like they only see the bad bits.",
    ),
}

NAMES: Mapping[str, tuple[str, ...]] = {
    "social-worker": ("Sam", "Kirsten", "Ania", "Mr Bell", ""),
    "family-worker": ("Shona", "Big Davie", "Marta", ""),
    "school-staff": ("Mrs Okafor", "Mr Mackinnon", "Miss Lau", "Mr T"),
    "health-staff": ("Dr Iqbal", "Nurse Jen", ""),
    "youth-worker": ("Wee Al", "Jude", "Fi"),
    "speaks-up": ("Ruth", "Callum", ""),
}
"""What they call the people who help them, by kind; any other kind stays nameless."""
MOST_NAMED = 2
MOST_PICKED = 4


class Worry(NamedTuple):
    """A made-up talk that raises a flag: how, and what was said to the bot then."""

    by: str
    """A level, or `written`, or `person`: asked for by the child's own hand."""
    minutes: int
    """How long ago."""
    way: str
    safe_now: str
    added: str
    reached: str


WORRIES: Mapping[int, Worry] = {
    5: Worry("now", 3, "gathering", "not-sure", "", "I am at the blue table. Robin"),
    11: Worry(
        "written",
        250,
        "gathering",
        "yes",
        "It isn’t every day.",
        "my teacher Miss Lau knows where I sit",
    ),
    20: Worry(
        "concern",
        17,
        "card",
        "yes",
        "I would like it to be someone I know already, if that’s OK.",
        "Text first, 01632 960345. Not at the house please.",
    ),
    28: Worry("person", 55, "open", "yes", "", "Jay at the college. Ask at the desk."),
    34: Worry("check", 1150, "card", "yes", "", ""),
}
"""By number of the talk."""
WRITTEN = "he hits me when he is angry and then I go to my room"
ASKED = "Can somebody talk to me about what happens next? I don’t want to wait."
