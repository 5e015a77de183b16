"""Predictions stay from run to run."""

from __future__ import annotations

import subprocess
import sys

from tests.lit.conftest import TEXTS


def test_a_second_process_computes_nothing_again(checkpoint, tmp_path):
    program = (
        "import sys, numpy as np\n"
        "from lit_plugins import TextClassifier\n"
        "from lit_plugins.lit.models.classifier import LitTextClassifier\n"
        "from lit_plugins.lit.models.outputs import Caches\n"
        "from pathlib import Path\n"
        "classifier = TextClassifier.from_pretrained(sys.argv[1])\n"
        "model = LitTextClassifier(classifier, caches=Caches(2**22, Path(sys.argv[2])))\n"
        "run, passes = classifier.network.run, []\n"
        "def counted(*a, **k): passes.append(1); return run(*a, **k)\n"
        "classifier.network.run = counted\n"
        "outputs = model.predict([{'sentence': text} for text in sys.argv[3:]])\n"
        "print(len(passes), b''.join(each['probas'].tobytes() for each in outputs).hex())\n"
    )
    command = [sys.executable, "-c", program, str(checkpoint("bert")), str(tmp_path / "p"), *TEXTS]
    said = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert int(said[0][0]) > 0
    assert int(said[1][0]) == 0
    assert said[0][1] == said[1][1]
