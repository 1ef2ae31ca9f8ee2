"""Times one peer the way `benchmark run` times us: load untimed, then best of a few."""
import json
import sys
import time


def report(who, load):
    """Call load(folder) once, then the function it returns `repeats` times; print one JSON line."""
    folder, repeats = sys.argv[1], int(sys.argv[2])
    work = load(folder)
    seconds, check = [], float("nan")
    for _ in range(repeats):
        start = time.perf_counter()
        check = work()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"who": who, "seconds": seconds, "check": float(check)}), flush=True)
