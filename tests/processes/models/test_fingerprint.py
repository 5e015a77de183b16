import subprocess
import sys


def test_another_process_finds_the_same(checkpoint, classifier):
    kinds = ("bert", "gpt2", "albert", "llama")
    program = (
        "import sys; from lit_plugins import TextClassifier\n"
        "for path in sys.argv[1:]: print(TextClassifier.from_pretrained(path).fingerprint)"
    )
    paths = [str(checkpoint(kind)) for kind in kinds]
    printed = subprocess.run(
        [sys.executable, "-c", program, *paths], capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [classifier(kind).fingerprint for kind in kinds]
