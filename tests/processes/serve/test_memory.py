import subprocess
import sys

import pytest

# In a process of its own: what others have freed in this one is in the way.
_GROWS = """
from lit_plugins.serve.memory import give_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

blocks = [bytearray(60_000) for _ in range(2_000)]
last = bytearray(60_000)  # above them, so that the heap cannot shrink from its end
full = resident()
del blocks
give_back()
print(full - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc and glibc are Linux's")
def test_freed_memory_is_given_back():
    ran = subprocess.run([sys.executable, "-c", _GROWS], capture_output=True, text=True, check=True)
    assert int(ran.stdout) > 80_000_000
