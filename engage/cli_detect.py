"""Commands for people who look after what is noticed in free text."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from engage import paths
from engage.core.dialogue.problems import Unreadable
from engage.core.safeguarding import learned
from engage.core.safeguarding.decisions import Decision
from engage.core.safeguarding.features import Kin
from engage.core.safeguarding.listener import Listener, unpacked
from engage.core.safeguarding.screening import Screen
from engage.services import judging, messages, noticing, shelves
from engage.services.judging import Judged, Share

_CARD = """\
# The learned layer

`learned.npz` is written by `engage train`. It holds weights for rows of letters and
words and for what the lexicon sees; no message, and nothing about anybody.

It was trained on invented messages (`tests/corpora/`; most of them were written by a
machine to this project's brief, and labelled by whatever wrote them), and on everyday
text messages of the public SMS Spam Collection (Almeida and Hidalgo), which are not in
this repository. No practitioner and no native speaker has reviewed the labels. Nothing
that a child said was used. Which words are of a kind was sorted with a small public
language model (all-MiniLM-L6-v2, Apache 2.0), and the listener, which judges sentences,
learned from the labels together with what that model, taught on the same messages, made
of them and of mixtures of them (`tests/tools/`); it runs nowhere.

It may raise, never lower. People read every word, whatever it finds. The figures are of
messages that the weights were not learned from; those "rules tuned on" were seen by
whoever wrote the rules, so that their figures flatter.

```
{}
```
"""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TABLES = (judging.level, judging.language, judging.category, judging.style)


def register(main: click.Group) -> None:
    main.add_command(detect)
    main.add_command(train)


def _screen() -> Screen:
    try:
        return noticing.load(paths.CONVERSATIONS, shelves.sources())
    except Unreadable as bad:
        raise click.ClickException("\n".join(map(str, bad.problems))) from bad


@click.command()
@click.option("--explain", metavar="TEXT", help="What fires on a text, and why.")
@click.option("--question", default="", metavar="TEXT", help="What was asked.")
@click.option("--jsonl", is_flag=True, help="Decide on lines of standard input.")
@click.option("--score", type=FILE, multiple=True, help="Tables for labelled files.")
@click.option("--misses", is_flag=True, help="With --score: every miss, too.")
def detect(
    explain: str | None,
    question: str,
    jsonl: bool,
    score: tuple[Path, ...],
    misses: bool,
) -> None:
    """Say how soon somebody must know of what was written."""
    screen = _screen()
    if explain is not None:
        _explain(explain, question, screen)
    if jsonl:
        _stream(screen)
    if score:
        _score(screen, score, misses)


def _explain(text: str, question: str, screen: Screen) -> None:
    decision = screen.decide(text, question=question)
    level = decision.level.value if decision.level else "none"
    about = ", ".join(decision.categories)
    click.echo(f"{level}{f' ({about})' if about else ''}")
    click.echo(f"priority {decision.priority:.2f}")
    for each in decision.because:
        click.echo(f"  {each.rule}: {each.because}")
        click.echo(f"    “{text[each.start : each.end]}”")
    looked = screen.lexicon.look(text, question)
    for hit in (*looked.hits, *looked.frames):
        strength = "frame" if hit.rule.frame else hit.rule.strength.value
        how = " (denied)" if hit.denied else " (framed)" if hit.framed else ""
        how += " (unless ordinary)" if hit.rule.unless_ordinary else ""
        words = " ".join(each.text for each in looked.words[hit.start : hit.end])
        click.echo(f"  seen: {strength} {hit.rule.id}{how}: {words}")


def _stream(screen: Screen) -> None:
    """One line out for each line in, in order, at once."""
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            held = json.loads(line)
            text, question = str(held["text"]), str(held.get("question") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            # Without the line itself: it may be what somebody said.
            wanted = 'Write {"id": …, "text": "…"} on each line.'
            raise click.ClickException(
                f"Line {number} is no message. {wanted}"
            ) from None
        decision = screen.decide(text, question=question)
        click.echo(json.dumps({"id": held.get("id"), **_record(decision)}))


def _record(decision: Decision) -> dict[str, object]:
    return {
        "level": decision.level.value if decision.level else "none",
        "categories": list(decision.categories),
        "priority": round(decision.priority, 4),
        "because": [
            {
                "rule": each.rule,
                "reason": each.because,
                "start": each.start,
                "end": each.end,
            }
            for each in decision.because
        ],
        "screened": decision.screened,
    }


def _score(screen: Screen, files: Sequence[Path], misses: bool) -> None:
    try:
        judged = list(judging.judge(screen, messages.read_messages(files)))
    except messages.BadMessage as bad:
        raise click.ClickException(str(bad)) from bad
    for table in _TABLES:
        click.echo(f"\n{table.__name__}")
        for share in judging.by(judged, table):
            _tell(share)
    click.echo(f"\nread first, a tenth: {judging.found_first(judged):.1%} of the risk")
    if misses:
        _tell_misses(judged)


def _tell(share: Share) -> None:
    caught, flagged = share.caught / share.count, share.flagged / share.count
    low, high = judging.interval(share.caught, share.count)
    click.echo(
        f"  {share.name:<24}{share.count:>6}  caught {caught:6.1%} "
        f"({low:.1%} to {high:.1%})  flagged {flagged:6.1%}"
    )


def _tell_misses(judged: Sequence[Judged]) -> None:
    for share in judging.by(judged, judging.level):
        for miss in share.misses:
            click.echo(f"{share.name}  {miss.id}  {miss.text}")


@click.command()
@click.argument("corpora", nargs=-1, type=FILE, required=True)
@click.option("--kin", type=FILE, help="Which words are of a kind, if that changes.")
@click.option("--listener", type=FILE, help="The judge of whole sentences, likewise.")
def train(corpora: tuple[Path, ...], kin: Path | None, listener: Path | None) -> None:
    """Learn from labelled messages (JSON lines). Needs scikit-learn.

    Files whose names begin with unseen- are left out: they are there to judge by.
    """
    from engage.services import training

    taught = [file for file in corpora if not file.name.startswith("unseen-")]
    try:
        held = list(messages.read_messages(taught))
        kinds = messages.read_kin(kin) if kin else _kin()
    except messages.BadMessage as bad:
        raise click.ClickException(str(bad)) from bad
    except ValueError:
        wanted = "Write a word and its number on each line."
        raise click.ClickException(f"{kin} says no kinds. {wanted}") from None
    words = training.vocabulary(held)
    folder = paths.CONVERSATIONS
    (folder / noticing.VOCABULARY).write_text("\n".join(words) + "\n", "utf-8")
    noticing.compile_lexicon(folder, shelves.sources())
    lexicon = noticing.load_lexicon(folder, shelves.sources())
    trained = training.train(held, lexicon, kinds, _listener(listener))
    file = learned.packed(trained.model)
    (folder / noticing.LEARNED).write_bytes(file)
    card = training.card(held, trained, len(file))
    (folder / noticing.CARD).write_text(_CARD.format(card), "utf-8")
    click.echo(card)


def _listener(file: Path | None) -> Listener | None:
    """As it is in a file, or as it is in use."""
    if file is not None:
        return unpacked(file.read_bytes())
    model = _screen().model
    return None if model is None else model.listener


def _kin() -> Kin:
    model = _screen().model
    if model is None:
        raise click.UsageError("Say which words are of a kind: --kin FILE.")
    return model.kin
