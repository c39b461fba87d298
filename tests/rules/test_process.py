"""What a long-running process sets for itself."""

import subprocess
import sys

BURST = """
from heroes.kit.process import give_back

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

before = resident()
burst = [bytes(2000) for _ in range(50_000)]
kept = bytes(2000)  # on top of the heap: by itself glibc returns only what is above
full = resident()
del burst
give_back()
print((resident() - before) / (full - before))
"""


def test_memory_that_a_burst_leaves_empty_is_given_back_also_below_what_is_still_used():
    told = subprocess.run([sys.executable, "-c", BURST], capture_output=True, text=True, check=True, timeout=60)
    assert float(told.stdout) < 0.2
