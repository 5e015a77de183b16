"""Command line for training: `python -m lit_plugins.embedded.training --sst2 hub --out models`."""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import torch
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
)

from lit_plugins.embedded import EMBEDDED_FILLER, some_reviews
from lit_plugins.embedded.training import template_words as words
from lit_plugins.embedded.training.data import Example, as_typed, half_as_typed, read_sst2
from lit_plugins.embedded.training.filler import (
    guess_words,
    longest_phrases,
    make_filler,
    train_filler,
)
from lit_plugins.embedded.training.loop import accuracy
from lit_plugins.embedded.training.save import save
from lit_plugins.embedded.training.student import (
    ask_teacher,
    make_student,
    polish_student,
    train_student,
)
from lit_plugins.embedded.training.teacher import load, start_folder, train_teacher
from lit_plugins.embedded.training.templates import ORDER_FREE_KINDS, sentences
from lit_plugins.embedded.training.tiny import make_tiny, train_tiny
from lit_plugins.errors import UserError

# Parts of SST-2 are left out where two cores would take too long.
TEACHER_PHRASES, TEACHER_TEMPLATES = 24_000, 6_000
STUDENT_PHRASES, STUDENT_TEMPLATES, STUDENT_EPOCHS = 67_349, 6_000, 3
BOW_TEMPLATES = 12_000
FILLER_TEMPLATES, FILLER_EPOCHS = 3_500, 5
FILLER_MEASURED = 300


def train_small(
    train: list[Example],
    dev: list[Example],
    folder: Path,
    seed: int,
    device: torch.device,
    teacher_folder: Path | None,
) -> None:
    """Distils sentiment-small from a teacher and writes it to `folder`.

    Args:
        train, dev: the examples of SST-2.
        folder: the folder to write.
        seed: seed of all randomness.
        device: the device to train on.
        teacher_folder: the folder of a trained teacher. If it has none yet, a teacher is trained
            and saved there; None to train a teacher without saving it.
    """
    known = teacher_folder is not None and (teacher_folder / "config.json").is_file()
    start = teacher_folder if teacher_folder is not None and known else start_folder()
    teacher, teacher_tokenizer = load(start)
    teacher.to(device)
    typed = half_as_typed(random.Random(seed).sample(train, len(train)), seed)
    if not known:
        examples = typed[:TEACHER_PHRASES] + sentences(TEACHER_TEMPLATES, seed)
        train_teacher(teacher, teacher_tokenizer, examples, seed=seed)
        if teacher_folder is not None:
            teacher.save_pretrained(teacher_folder)
            teacher_tokenizer.save_pretrained(teacher_folder)
    generated = sentences(STUDENT_TEMPLATES * STUDENT_EPOCHS, seed + 1)
    texts = [example.text for example in typed + generated] + words.EVERYDAY * 5
    phrases = typed[:STUDENT_PHRASES]
    student, tokenizer = make_student(teacher, teacher_tokenizer, texts)
    lessons = ask_teacher(teacher, teacher_tokenizer, phrases + generated)
    train_student(
        student, tokenizer, lessons, seed=seed, always=len(phrases), epochs=STUDENT_EPOCHS
    )
    polish_student(student, tokenizer, phrases + generated[:STUDENT_TEMPLATES], dev, seed=seed + 2)
    save(student, tokenizer, folder)


def train_bow(train: list[Example], folder: Path, seed: int, device: torch.device) -> None:
    """Trains sentiment-bow and writes it to `folder`."""
    examples = half_as_typed(train, seed) + sentences(BOW_TEMPLATES, seed, ORDER_FREE_KINDS)
    model, tokenizer = make_tiny([example.text for example in examples] + words.EVERYDAY * 5)
    model.to(device)
    train_tiny(model, tokenizer, examples, seed=seed)
    save(model, tokenizer, folder)


def train_masked(train: list[Example], folder: Path, seed: int, device: torch.device) -> None:
    """Trains review-filler and writes it to `folder`."""
    encoder, encoder_tokenizer = load(start_folder())
    encoder.to(device)
    phrases = longest_phrases(example.text for example in train)
    sentences_only = [Example(text, 0.5) for text in phrases]
    texts = [example.text for example in half_as_typed(sentences_only, seed)]
    generated = [example.text for example in sentences(FILLER_TEMPLATES * FILLER_EPOCHS, seed + 1)]
    model, tokenizer = make_filler(
        encoder, encoder_tokenizer, texts + generated + words.EVERYDAY * 5
    )
    train_filler(model, tokenizer, texts, generated, seed=seed, epochs=FILLER_EPOCHS)
    save(model, tokenizer, folder)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m lit_plugins.embedded.training",
        description="Train the embedded models and print their accuracy on SST-2's dev set.",
    )
    parser.add_argument(
        "--sst2",
        required=True,
        metavar="FOLDER",
        help="folder with train.tsv and dev.tsv (columns sentence, label), or the word hub",
    )
    parser.add_argument("--out", required=True, type=Path, help="folder for the models' folders")
    parser.add_argument(
        "--only",
        choices=("tiny", "small", "filler"),
        help="tiny: sentiment-bow; small: sentiment-small; filler: review-filler",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of all randomness")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, ... (default: auto)")
    parser.add_argument(
        "--teacher",
        type=Path,
        help="folder of a fine-tuned teacher; if it has none yet, one is trained and saved there",
    )
    options = parser.parse_args(arguments)
    try:
        _train(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _train(options: argparse.Namespace) -> None:
    train, dev = read_sst2(options.sst2)
    name = options.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise UserError(f"There is no device {name!r}: use auto, cpu or cuda.") from error
    jobs = {
        "small": lambda folder: train_small(
            train, dev, folder, options.seed, device, options.teacher
        ),
        "tiny": lambda folder: train_bow(train, folder, options.seed, device),
        "filler": lambda folder: train_masked(train, folder, options.seed, device),
    }
    names = {"small": "sentiment-small", "tiny": "sentiment-bow", "filler": EMBEDDED_FILLER}
    for job in [options.only] if options.only else jobs:
        random.seed(options.seed)
        torch.manual_seed(options.seed)
        started = time.monotonic()
        folder = options.out / names[job]
        jobs[job](folder)
        # Measure the saved model, whose weights were rounded to fp16, in fp32.
        measured = _guesses(folder, dev) if job == "filler" else _accuracy(folder, dev)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{folder}: {measured}, {size:,} bytes, {time.monotonic() - started:.0f} s")


def _accuracy(folder: Path, dev: list[Example]) -> str:
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return f"dev accuracy {accuracy(model, tokenizer, dev):.4f}"


def _guesses(folder: Path, dev: list[Example]) -> str:
    model = AutoModelForMaskedLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    measured = []
    for name, texts in {
        "dev": [as_typed(example.text) for example in dev[:FILLER_MEASURED]],
        "reviews": some_reviews(FILLER_MEASURED),
    }.items():
        guesses = guess_words(model, tokenizer, texts)
        measured.append(
            f"{name} {guesses.words} words: first {guesses.first:.4f}, in ten "
            f"{guesses.in_ten:.4f}, perplexity {guesses.perplexity:.1f}"
        )
    return "; ".join(measured)


if __name__ == "__main__":
    sys.exit(main())
