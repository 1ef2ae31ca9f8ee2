"""Runs every case of `benchmark` beside its peers and prints the table of Benchmarks/README.md."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def lines(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        print(f"{' '.join(map(str, command))}: {done.stderr.strip()[-2000:]}", file=sys.stderr)
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def keep_best(best, timings):
    for timing in timings:
        old = best.get(timing["who"])
        if old is None or min(timing["seconds"]) < old[0]:
            best[timing["who"]] = (min(timing["seconds"]), timing["check"])


def clock(seconds):
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def agree(a, b):
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def run_case(case, binary, python, data, rounds, repeats):
    folder = data / case["name"]
    if not (folder / "prepared").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"  {case['name']}: writing data …", file=sys.stderr)
        subprocess.run([binary, "prepare", case["name"], folder], check=True)
        (folder / "prepared").touch()
    peers = sorted(HERE.glob(f"peers/{case['name']}_*.py"))
    ours, theirs = {}, {}
    for turn in range(rounds):  # ours and theirs by turns, so that a busy moment hits both
        print(f"  {case['name']}: round {turn + 1} of {rounds}", file=sys.stderr)
        keep_best(ours, lines([binary, "run", case["name"], folder, str(repeats)]))
        for peer in peers:
            keep_best(theirs, lines([python, peer, folder, str(repeats)]))
    rows = []
    first = next(iter(ours.items()), None)
    if first is None:
        return [(case["work"], "failed", "", "", "")]
    for name, (seconds, check) in list(ours.items())[1:]:
        rows.append((case["work"], clock(first[1][0]) + f" ({first[0]})", f"ours, {name}: {clock(seconds)}",
                     f"{seconds / first[1][0]:.2f}", ""))
    for who, (seconds, check) in theirs.items():
        ratio = seconds / first[1][0]
        bar = case["bars"].get(who)
        verdict = "" if bar is None else f"≥ {bar:g}: {'yes' if ratio >= bar else 'NO'}"
        if not agree(check, first[1][1]):
            verdict += f" results differ: {first[1][1]!r}, {check!r}"
        rows.append((case["work"], clock(first[1][0]) + f" ({first[0]})", f"{who}: {clock(seconds)}",
                     f"{ratio:.2f}", verdict))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of cases; none: all")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=2)
    options = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(HERE / "peers"))
    cases = lines([options.binary, "list"])
    unknown = set(options.cases) - {case["name"] for case in cases}
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; cases: {', '.join(c['name'] for c in cases)}")
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    print(f"{cores} processors, load {load:.1f} at the start"
          + (": busy, so what runs on two threads looks slower than it is" if load > 0.3 * cores else ""), end="\n\n")
    print("| work | ours | peer | ratio | bar |")
    print("|---|---|---|---|---|")
    for case in cases:
        if options.cases and case["name"] not in options.cases:
            continue
        for row in run_case(case, options.binary, options.python, options.data, options.rounds, options.repeats):
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
