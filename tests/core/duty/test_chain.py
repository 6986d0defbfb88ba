"""Whatever is done to the journal behind our back is found, and where."""

from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engage.core.duty.chain import GENESIS, Broken, Entry, Head, check, hash_of

FIELDS = [each.name for each in fields(Entry)]
NUMBERS = st.none() | st.integers(0, 2**31 - 1)
WORDS = st.text(max_size=12)


def chained(rows, before=GENESIS, number=0):
    """Entries as they are written: each with the hash of the one before."""
    found = []
    for verb, staff, inspection, flag, detail in rows:
        number += 1
        at = f"2026-11-25T12:00:{number % 60:02}.000000+00:00"
        entry = Entry(number, at, verb, staff, inspection, flag, detail, before)
        entry = replace(entry, hash=hash_of(entry))
        found.append(entry)
        before = entry.hash
    return found


ROWS = st.tuples(WORDS, NUMBERS, NUMBERS, NUMBERS, WORDS)
CHAINS = st.lists(ROWS, min_size=1, max_size=12).map(chained)


def head_of(chain):
    return Head(chain[-1].number, chain[-1].hash) if chain else None


def found(chain, head, known=()):
    return list(check(iter(chain), head, known))


@pytest.fixture
def chain():
    return chained(("step", None, 1, number, "{}") for number in range(9))


@given(CHAINS)
def test_what_was_only_written_is_whole(chain):
    mailed = [Head(each.number, each.hash) for each in chain]
    assert found(chain, head_of(chain), mailed) == []


def test_nothing_is_whole_too():
    assert found([], None) == []
    assert found([], Head(0, GENESIS)) == []


@given(CHAINS, st.data())
def test_any_edit_of_any_field_is_found(chain, data):
    at = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(FIELDS))
    before = getattr(chain[at], name)
    new = data.draw(NUMBERS | WORDS if name != "number" else st.integers(-5, 20))
    assume(new != before)
    edited = [*chain]
    edited[at] = replace(chain[at], **{name: new})
    edited.sort(key=lambda each: each.number)  # as the database hands them out

    assert found(edited, head_of(chain))


@given(CHAINS, st.data())
def test_an_edit_with_its_hash_made_anew_is_found(chain, data):
    at = data.draw(st.integers(0, len(chain) - 1))
    edited = [*chain]
    changed = replace(chain[at], verb=chain[at].verb + "!")
    edited[at] = replace(changed, hash=hash_of(changed))

    assert found(edited, head_of(chain))


@given(CHAINS, st.data())
def test_any_removed_run_is_found(chain, data):
    first = data.draw(st.integers(0, len(chain) - 1))
    last = data.draw(st.integers(first, len(chain) - 1))
    left = chain[:first] + chain[last + 1 :]

    broken = found(left, head_of(chain))
    assert broken[0].number == chain[first].number
    assert "missing" in broken[0].what


@given(CHAINS, st.data())
def test_a_removed_run_that_is_numbered_over_is_found(chain, data):
    first = data.draw(st.integers(0, len(chain) - 1))
    last = data.draw(st.integers(first, len(chain) - 1))
    left = chain[:first] + chain[last + 1 :]
    closed_up = [replace(each, number=n) for n, each in enumerate(left, 1)]

    assert found(closed_up, head_of(chain))


@given(CHAINS, st.data())
def test_any_two_that_changed_places_are_found(chain, data):
    assume(len(chain) > 1)
    one = data.draw(st.integers(0, len(chain) - 2))
    other = data.draw(st.integers(one + 1, len(chain) - 1))
    order = [*chain]
    order[one], order[other] = order[other], order[one]
    assert found(order, head_of(chain))

    numbered = [
        replace(each, number=was.number) for each, was in zip(order, chain, strict=True)
    ]
    assert {each.number for each in found(numbered, head_of(chain))} >= {
        chain[one].number,
        chain[other].number,
    }


@given(CHAINS, CHAINS)
def test_all_made_anew_is_found_by_any_mailed_head(chain, other):
    anew = chained((e.verb + "!", *_rest(e)) for e in chain)
    for mailed in chain:
        known = Head(mailed.number, mailed.hash)
        assert found(anew, head_of(anew), [known])
    assert found(anew, head_of(anew)) == [], "only what was mailed can prove it"


def _rest(entry):
    return entry.staff, entry.inspection, entry.flag, entry.detail


@given(CHAINS, st.data())
def test_a_tail_that_was_cut_and_forgotten_is_found_by_the_mailed_head(chain, data):
    kept = chain[: data.draw(st.integers(0, len(chain) - 1))]
    assert found(kept, head_of(kept)) == []

    broken = found(kept, head_of(kept), [head_of(chain)])
    assert broken == [Broken(len(chain), "is missing, and was mailed as the newest")]


def test_each_thing_that_was_done_is_said_with_its_number(chain):
    head = head_of(chain)
    edited = [*chain]
    edited[3] = replace(chain[3], flag=99)
    assert found(edited, head) == [
        Broken(4, "was changed, or added, by other means than Engage")
    ]
    assert found([*chain[:3], *chain[4:]], head) == [Broken(4, "is missing")]
    assert found(chain[:3] + chain[6:], head) == [Broken(4, "to 6 are missing")]
    assert found(chain[:-2], head) == [Broken(8, "to 9 are missing")]
    assert found(chain[:-1], head) == [Broken(9, "is missing")]
    assert found(chain, None) == [
        Broken(9, "is the newest, but the journal does not say so")
    ]
    assert found(chain, Head(7, chain[6].hash)) == [
        Broken(9, "is the newest; the journal says that 7 is")
    ]
    assert found(chain, Head(9, "f" * 64)) == [
        Broken(9, "is not what the journal says that its newest entry is")
    ]
    moved = [chain[0], chain[2], chain[1], *chain[3:]]
    assert found(moved, head) == [
        Broken(2, "is missing"),
        Broken(2, "is not in its place: it comes after 3"),
    ]


def test_a_row_without_a_hash_is_found(chain):
    added = replace(chain[-1], number=10, previous=chain[-1].hash, hash="")
    broken = found([*chain, added], head_of(chain))
    assert [each.number for each in broken] == [10, 10]
    assert "added" in broken[0].what


def test_a_row_before_the_first_is_found(chain):
    assert found([replace(chain[0], number=0), *chain], head_of(chain))


def test_bytes_in_a_column_are_found_and_stop_nothing(chain):
    edited = [*chain]
    edited[2] = replace(chain[2], detail=b"\xff", verb=b"step")
    assert [each.number for each in found(edited, head_of(chain))] == [3]


def test_two_mailed_heads_that_disagree_cannot_both_be_right(chain):
    heads = [head_of(chain), Head(9, "f" * 64)]
    for known in (heads, heads[::-1]):
        assert [each.number for each in found(chain, head_of(chain), known)] == [9]


def test_it_looks_at_one_entry_at_a_time(chain):
    asked = []

    def handed_out():
        for each in [replace(chain[0], flag=7), *chain[1:]]:
            asked.append(each.number)
            yield each

    assert next(check(handed_out(), head_of(chain))).number == 1
    assert asked == [1]


def test_no_two_fields_can_be_confused():
    first, second = chained([("a", 1, None, None, "{}"), ("a", None, 1, None, "{}")])
    alike = replace(second, number=first.number, at=first.at, previous=first.previous)
    assert hash_of(alike) != hash_of(first)
