"""Runs benchmarks by name, all where none is named: python -m tests.bench [name ...] [--json FILE] [--lines N]"""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "totalplace.settings")


def main() -> None:
    django.setup()
    from tests.bench import BENCHMARKS, prepare
    from tests.bench.measure import table

    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, help="write the results to this file as well")
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of the large count (1,000,000)")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    prepare()
    results = []
    for name in chosen.names or BENCHMARKS:
        print(f"{name} ...", flush=True)
        results += BENCHMARKS[name](chosen.lines)
    print(table(results))
    if chosen.json:
        chosen.json.write_text(json.dumps([{**asdict(result), "ratio": result.ratio} for result in results], indent=2))


if __name__ == "__main__":
    main()
