"""The provider as a process: prints its address, then `DOCUMENT OUTCOME` for each request, until it is ended."""

import argparse
import sys
import threading

from tests.support.providers.faults import Fault
from tests.support.providers.server import Provider

FAULTS = (Fault.MALFORMED, Fault.REFUSE, Fault.LIMIT, Fault.HANG, Fault.DROP, Fault.ERROR)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.support.providers", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds")
    parser.add_argument("--hang", type=float, default=30.0, help="seconds")
    parser.add_argument("--rate", type=float, default=0.0, help=f"share of each of: {', '.join(FAULTS)}")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rates = dict.fromkeys(FAULTS, options.rate)
    provider = Provider(
        rates, latency=options.latency, hang=options.hang, seed=options.seed, port=options.port, log=_line
    )
    with provider:
        _line(provider.url)
        threading.Event().wait()


def _line(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


main()
