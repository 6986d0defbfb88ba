"""A name is a name: nobody is worried about for what a worker or a friend is called."""

import pytest

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.lexicon import A_NAME
from tests.speaking import BOOKS

SCREEN = BOOKS.detector
NAMES = """
Olivia Emily Isla Freya Lily Amelia Ella Sophie Grace Aria Jack Noah James Rory Leo
Harris Theo Finlay Luca Callum Ewan Angus Hamish Fergus Struan Magnus Catriona Mairi
Eilidh Morag Shona Kirsty Iona Ailsa Skye Seonaid Mairead Ruaridh Iain Calum Donald
Murdo Alasdair Torquil Marta Anna Zofia Hanna Maja Zuzanna Julia Oliwia Natalia
Kasia Gosia Basia Ola Magda Agata Jakub Kacper Szymon Wojtek Piotr Marek Tomek
Bartek Pawel Oksana Olena Iryna Natalya Yulia Svitlana Halyna Daryna Kateryna Andriy
Bohdan Dmytro Mykola Oleh Pavlo Serhiy Taras Vasyl Yuriy Fatima Aisha Maryam Zainab
Khadija Amina Hira Sana Noor Iman Hafsa Bushra Rabia Samina Ali Hassan Hussain Ahmed
Bilal Hamza Ibrahim Ismail Imran Usman Tariq Zubair Faisal Omar Khalid Yusuf Layla
Nour Rania Salma Dina Hala Rana Huda Samir Karim Walid Ziad Nabil Rami Fadi Bashar
Sami Tawfiq Mick Rob Bill Jock Pat Di Will Mark Grant Art Drew Chase Hunter Cash
Rich Dick Randy Gay Joy Hope Faith Angel Dawn Eve Gail Ginger Candy Bess Peeta Ria
Tina Gina Zara
""".split()  # noqa: SIM905


@pytest.mark.parametrize("name", NAMES)
def test_a_name_raises_nothing(name):
    for said in (
        name,
        f"Other worker and {name}",
        f"my social worker {name} is nice",
        f"I live with my mum and {name}",
    ):
        found = SCREEN.decide(said)
        assert found.level in (None, Level.CHECK), (said, found.because)
    assert SCREEN.decide(f"I like {name} and we play football").level is None


def test_what_somebody_is_called_makes_no_difference():
    known = [each.lower() for each in NAMES]
    listed = [name for name in known if SCREEN.lexicon.words(name)[0].text == A_NAME]
    assert len(listed) > 100
    for said in ("my worker {} shouts at me", "{}", "{} and me like football"):
        found = {SCREEN.decide(said.format(name)).priority for name in listed}
        assert len(found) == 1
