import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engage.core.sealing.envelope import (
    STEP,
    Context,
    Locker,
    WontOpen,
    lock,
    open_with,
    padded,
    seal_to,
    unlock,
    unpadded,
)
from engage.core.sealing.keys import (
    OPENED_BY,
    Holder,
    Sealed,
    WrongPassword,
    derive,
    flag_tag,
    key_pair,
    token_hash,
    unwrap_private,
    wrap_private,
)

HERE = Context(Sealed.ANSWER, 7, "a" * 32, 3, "d" * 64)
ELSEWHERE = (
    HERE._replace(kind=Sealed.FLAG),
    HERE._replace(inspection=8),
    HERE._replace(talk="b" * 32),
    HERE._replace(number=4),
    HERE._replace(digest="e" * 64),
)
PAIR = key_pair(bytes(range(32)))
KEY = bytes(range(32, 64))
NONCE = bytes(12)
PASSWORD = "four small ducks"
SECRET = b"Sometimes I am scared at home"
CONTEXTS = st.builds(
    Context, st.text(), st.integers(), st.text(), st.integers(), st.text()
)


def sealed() -> bytes:
    return seal_to(PAIR.public, SECRET, HERE)


def locked() -> bytes:
    return lock(KEY, SECRET, HERE, NONCE)


def reopened(envelope: bytes, context: Context = HERE) -> bytes:
    return open_with(PAIR.private, envelope, context)


def unlocked(envelope: bytes, context: Context = HERE) -> bytes:
    return unlock(KEY, envelope, context)


WAYS = pytest.mark.parametrize(
    ("made", "opened"),
    [(sealed, reopened), (locked, unlocked)],
    ids=["to", "under"],
)


@WAYS
def test_what_was_put_in_comes_out(made, opened):
    assert opened(made()) == SECRET


@WAYS
def test_the_words_are_not_in_the_envelope(made, opened):
    assert SECRET not in made()


@WAYS
@pytest.mark.parametrize("context", ELSEWHERE, ids=lambda each: str(each)[:60])
def test_it_does_not_open_anywhere_else(made, opened, context):
    with pytest.raises(WontOpen):
        opened(made(), context)


@WAYS
def test_no_truncated_envelope_opens(made, opened):
    envelope = made()
    for length in range(len(envelope)):
        with pytest.raises(WontOpen):
            opened(envelope[:length])


@WAYS
def test_no_lengthened_envelope_opens(made, opened):
    with pytest.raises(WontOpen):
        opened(made() + b"\0")


@WAYS
def test_no_envelope_with_one_bit_changed_opens(made, opened):
    envelope = made()
    for place in range(len(envelope)):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(WontOpen):
            opened(bytes(changed))


@WAYS
def test_the_refusal_says_nothing_of_the_reason(made, opened):
    with pytest.raises(WontOpen) as refusal:
        opened(made()[:-1])
    assert refusal.value.args == ()
    assert refusal.value.__suppress_context__


def test_another_vault_does_not_open_it():
    with pytest.raises(WontOpen):
        open_with(key_pair(os.urandom(32)).private, sealed(), HERE)


def test_another_talk_key_does_not_open_it():
    with pytest.raises(WontOpen):
        unlock(os.urandom(32), locked(), HERE)


def test_what_is_sealed_twice_looks_different():
    assert sealed() != sealed()


@pytest.mark.parametrize("public", [b"", b"short", bytes(32)])
def test_nothing_is_sealed_to_what_is_no_key(public):
    with pytest.raises(WontOpen):
        seal_to(public, SECRET, HERE)


@pytest.mark.parametrize("private", [b"", b"short"])
def test_what_is_no_key_opens_nothing(private):
    with pytest.raises(WontOpen):
        open_with(private, sealed(), HERE)
    with pytest.raises(WontOpen):
        unlock(private, locked(), HERE)


def test_a_nonce_of_another_length_is_refused():
    with pytest.raises(WontOpen):
        lock(KEY, SECRET, HERE, bytes(8))


def test_a_locker_opens_what_lock_locked():
    locker = Locker(KEY)
    assert locker.unlock(locked(), HERE) == SECRET
    assert unlock(KEY, locker.lock(SECRET, HERE, NONCE), HERE) == SECRET


def test_yes_and_no_have_the_same_length():
    yes, no = lock(KEY, b"yes", HERE, NONCE), lock(KEY, b"no", HERE, NONCE)
    assert len(yes) == len(no)


@given(st.binary(max_size=3 * STEP))
@example(b"\0" * (STEP - 4))
@example(b"\0" * (STEP - 3))
def test_padding_comes_off_again_and_fills_whole_steps(plain):
    block = padded(plain)
    assert unpadded(block) == plain
    assert len(block) % STEP == 0
    assert len(block) - len(plain) < STEP + 4


@given(st.binary(max_size=2 * STEP))
def test_only_padding_that_we_made_comes_off(block):
    try:
        plain = unpadded(block)
    except WontOpen:
        return
    assert padded(plain) == block


@given(CONTEXTS, CONTEXTS)
@example(Context("a", 1, "b"), Context("a", 1, "", 0, "b"))
@example(Context("a", 11), Context("a", 1, "1"))
def test_no_two_contexts_have_one_encoding(one, other):
    assert (one.encoded() == other.encoded()) == (one == other)


def test_only_the_duty_desk_opens_flags_and_never_answers():
    assert OPENED_BY[Sealed.FLAG] == (Holder.DUTY,)
    assert Holder.DUTY not in OPENED_BY[Sealed.ANSWER] + OPENED_BY[Sealed.HEAD]
    assert set(OPENED_BY) == set(Sealed)


def test_a_key_pair_does_not_print_its_private_half():
    assert PAIR.private.hex() not in repr(PAIR)
    assert repr(PAIR.private) not in repr(PAIR)


def test_derived_keys_tell_nothing_of_each_other():
    names = {derive(KEY, "find"), derive(KEY, "flag"), derive(bytes(32), "find"), KEY}
    assert len(names) == 4
    assert token_hash(KEY) != flag_tag(KEY)
    assert len(token_hash(KEY)) == len(flag_tag(KEY)) == 64


def test_the_same_key_is_found_again():
    assert token_hash(KEY) == token_hash(bytes(KEY))
    assert flag_tag(KEY) == flag_tag(bytes(KEY))


def wrapped(password: str = PASSWORD) -> bytes:
    return wrap_private(PAIR.private, password, bytes(16), NONCE)


def test_the_password_opens_the_private_key():
    assert unwrap_private(wrapped(), PASSWORD) == PAIR.private


def test_another_password_does_not():
    with pytest.raises(WrongPassword):
        unwrap_private(wrapped(), "four small Ducks")


def test_a_password_opens_however_its_accents_were_typed():
    assert unwrap_private(wrapped("caf\u00e9"), "cafe\u0301") == PAIR.private


@pytest.mark.parametrize("place", [0, 3, 4, 5, 6, 7, 22, 23, 40, -1])
def test_an_altered_wrapped_key_is_a_wrong_password(place):
    blob = bytearray(wrapped())
    blob[place] ^= 1
    with pytest.raises(WrongPassword):
        unwrap_private(bytes(blob), PASSWORD)


@pytest.mark.parametrize("place", [1, 2, 5, 6])
def test_an_altered_wrapped_key_cannot_ask_for_all_memory(place):
    blob = bytearray(wrapped())
    blob[place] = 0xFF
    with pytest.raises(WrongPassword):
        unwrap_private(bytes(blob), PASSWORD)


@pytest.mark.parametrize("blob", [b"", b"\x01", bytes(300)])
def test_what_is_no_wrapped_key_is_a_wrong_password(blob):
    with pytest.raises(WrongPassword):
        unwrap_private(blob, PASSWORD)


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        wrap_private(PAIR.private, PASSWORD, b"salt", NONCE)
