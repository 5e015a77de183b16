"""`make bench`: this package beside others, all in one run, as tables of ratios."""

from __future__ import annotations

import argparse

from benchmarks import first_load


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--model", default="sentiment-small", help="a model that both sides load")
    parser.add_argument("--dev", default="sst2", help="872 labelled sentences: a file or a dataset")
    parser.add_argument("--train", help="10,000 labelled sentences or more; left out without")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side; the best counts")
    options = parser.parse_args()
    print("First load: from the page's first request to the table and the PCA projection.\n")
    for texts, size in ((options.dev, 872), (options.train, 10_000)):
        if texts is not None:
            for line in first_load.table(options.model, texts, [size], options.rounds):
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
