"""What the platform costs: CPU time per operation, memory and start. `python -m bench --help`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # how a platform is started and a centre enrolled is known there
