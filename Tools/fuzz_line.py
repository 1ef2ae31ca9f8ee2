"""Feeds the whole line, from files to tables, maps and report, with projects that somebody has broken a little.

Usage: python3 Tools/fuzz_line.py BINARY EXAMPLE MUTANTS [--first N] [--jobs N] [--keep DIR] [--only N]
A mutant is told by its number alone. It may be refused, with problems that have a code; a run that ends must print no
NaN, hold every value within its own interval, and add up. EXAMPLE is the folder of the sample project.
"""

import argparse
import collections
import concurrent.futures
import csv
import hashlib
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ANSWERS = {0, 2, 64, 65, 66, 69, 73, 78}
LIMIT = 60
NUMBERS = [
    "0", "-1", "1", "-0", "0.5", "1e9", "1e308", "-1e308", "1e-320", "NaN", "inf", "-inf", "99999999999999999999", "2523,00",
    "12.5%", "9223372036854775807", "-9223372036854775808", "2147483648", "1e19", "true", "null", "", "~", "0x10", "1_000", "十",
]
NAMES = [
    "\x1b[2J", "<script>alert(1)</script>", "<!--<script>", "=1+1", "a|b", "a\\nb", "\\u202edcba", "]]>", "&amp;", "'", '"', "../x",
    "%s%n", "名" * 300, "", "total", "e\u0301", "\U0001F9D1\u200d\U0001F33E", "null", "S00", "N", "\u0000", "#", "a, b", "*",
]
NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")
WORD = re.compile(rb"[A-Za-z_\xe4-\xe9][\w\x80-\xff-]{0,40}")


def text(words):
    return words.encode("utf-8", "surrogatepass")


def replaced(data, spots, new):
    """The data with one match replaced."""
    if not spots:
        return data
    start, end = spots
    return data[:start] + new + data[end:]


def spot(rng, pattern, data):
    found = [match.span() for match in pattern.finditer(data)]
    return rng.choice(found) if found else None


def number(rng, data):
    where = spot(rng, NUMBER, data)
    if where is None:
        return data
    old = data[where[0]:where[1]]
    kind = rng.randrange(4)
    if kind == 0:
        return replaced(data, where, text(rng.choice(NUMBERS)))
    if kind == 1:
        other = spot(rng, NUMBER, data)
        return replaced(data, where, data[other[0]:other[1]])
    value = float(old)
    if kind == 2:
        return replaced(data, where, text(repr(value * rng.choice([-1, 0.1, 10, 1000, 1e9, 1e-9]))))
    return replaced(data, where, text(str(int(value) + rng.choice([-100, -2, -1, 1, 2, 100]))))


def word(rng, data):
    where = spot(rng, WORD, data)
    if where is None:
        return data
    if rng.random() < 0.5:
        other = spot(rng, WORD, data)
        return replaced(data, where, data[other[0]:other[1]])
    return replaced(data, where, text(rng.choice(NAMES)))


def line(rng, data):
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = (b"  " + lines[at]) if rng.random() < 0.5 else lines[at].lstrip()
    else:
        span = rng.randrange(1, 60)
        del lines[at:at + span]
    return b"\n".join(lines)


def field(rng, data):
    """A field of a table, or a whole column of it."""
    rows = list(csv.reader(data.decode("utf-8", "replace").splitlines()))
    if len(rows) < 2:
        return data
    at = rng.randrange(1, len(rows))
    column = rng.randrange(max(1, len(rows[at])))
    if column >= len(rows[at]):
        return data
    kind = rng.randrange(6)
    own = [row for row in rows[1:] if len(row) == len(rows[at]) and row[0] == rows[at][0]]
    if kind == 0:
        rows[at][column] = rng.choice(NUMBERS + NAMES)
    elif kind == 1:
        rows[at][column] = rng.choice(rows[1:])[column] if column < min(map(len, rows)) else ""
    elif kind == 2:  # a constant series
        for row in own:
            row[column] = rows[at][column]
    elif kind == 3:
        factor = rng.choice([0, -1, 1e-6, 1e6, 1e9])
        for row in own:
            try:
                row[column] = repr(float(row[column]) * factor)
            except ValueError:
                pass
    elif kind == 4:  # a column with less
        rows = [row for row in rows if not (len(row) > column and row[column] == rows[at][column])] or rows
    else:
        rng.shuffle(rows[1:])
        del rows[at]
    out = []
    for row in rows:
        out.append(",".join('"' + cell.replace('"', '""') + '"' if re.search('[",\n\r]', cell) else cell for cell in row))
    return text("\n".join(out) + "\n")


def bytes_(rng, data):
    data = bytearray(data)
    if not data:
        return bytes(data)
    kind = rng.randrange(3)
    at = rng.randrange(len(data))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:
        data[at] = rng.randrange(256)
    else:
        data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4)))
    return bytes(data)


def mutated(rng, path, data):
    if path.suffix == ".csv":
        ways = [field] * 6 + [number, line, word]
    else:
        ways = [number] * 4 + [word] * 2 + [line] * 3
    return rng.choice(ways + ([bytes_] if rng.random() < 0.1 else []))(rng, data)


def prepared(example, folder):
    """The sample project with what it lacks: ages of two regions, a hub's lever."""
    for part in ("Datasets", "Models"):
        shutil.copytree(example / part, folder / part)
    sample = folder / "Datasets" / "sample"
    rows = list(csv.DictReader(open(sample / "observations.csv", encoding="utf-8")))
    table = ["region,year,sex,age,persons"]
    for row in rows:
        if row["indicator"] == "engineers" and row["region"] in ("S01", "S04") and row["year"] in ("2022", "2023", "2024"):
            weights = [(sex, age, (age - 22) * (62 - age) * (2 if sex == "male" else 1)) for sex in ("female", "male") for age in range(23, 62)]
            whole, total, left = int(float(row["value"])), sum(w for *_, w in weights), int(float(row["value"]))
            for i, (sex, age, weight) in enumerate(weights):
                count = left if i == len(weights) - 1 else whole * weight // total
                left -= count
                table.append(f"{row['region']},{row['year']},{sex},{age},{count}")
    (sample / "staff_by_age.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    descriptor = json.loads((sample / "datapackage.json").read_text(encoding="utf-8"))
    types = {"region": "string", "sex": "string"}
    descriptor["resources"].append({
        "name": "staff_by_age", "path": "staff_by_age.csv", "format": "csv", "bytes": 0, "hash": "",
        "schema": {"fields": [{"name": name, "type": types.get(name, "integer")} for name in table[0].split(",")]}})
    (sample / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=1), encoding="utf-8")
    model = folder / "Models" / "baseline.yaml"
    model.write_text(model.read_text(encoding="utf-8").replace(
        "  entrants: {follow", "  ages: {package: sample, resource: staff_by_age}\n  entrants: {follow"), encoding="utf-8")
    renewed(folder)


def renewed(folder):
    """Sizes and checksums as they are now: a changed file is read, not only refused for its checksum."""
    for file in (folder / "Datasets").glob("*/datapackage.json"):
        try:
            descriptor = json.loads(file.read_bytes())
            for resource in descriptor["resources"]:
                data = (file.parent / resource["path"]).read_bytes()
                resource["bytes"], resource["hash"] = len(data), "sha256:" + hashlib.sha256(data).hexdigest()
        except Exception:  # a descriptor that is broken itself stays as it is
            continue
        file.write_text(json.dumps(descriptor, ensure_ascii=False, indent=1), encoding="utf-8")


def share(seed, base):
    """What is changed in a mutant."""
    rng = random.Random(seed)
    names = sorted(path.relative_to(base) for path in base.rglob("*") if path.is_file())
    weight = {"baseline.yaml": 12, "observations.csv": 8, "staff_by_age.csv": 5, "more-graduates.yaml": 5, "regions.csv": 4, "indicators.csv": 3}
    return rng, rng.choices(names, [weight.get(name.name, 1) for name in names], k=rng.choice([1, 1, 1, 2, 3]))


def run(binary, base, seed, keep):
    """One mutant: what came of it, and what is wrong with that."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as place:
        folder = pathlib.Path(place) / "p"
        shutil.copytree(base, folder)
        rng, names = share(seed, base)
        for name in names:
            (folder / name).write_bytes(mutated(rng, name, (folder / name).read_bytes()))
        if rng.random() < 0.95:
            renewed(folder)
        scenario = rng.choice(["baseline", "baseline", "more-graduates"])
        command = [binary, "run", scenario, "--draft", "--quiet", "--draws", "100", "--jobs", "1", "--lang", "en"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            faults, status = ["hangs"], "timeout"
        else:
            status = done.returncode
            faults = judged(folder, done)
        if faults and keep:
            target = keep / str(seed)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)
            (target / "faults.txt").write_text("\n".join([" ".join(command)] + faults) + "\n", encoding="utf-8")
        return seed, status, faults, [str(name) for name in names]


def judged(folder, done):
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0:
        trap = next((words for words in said.splitlines() if "Fatal error" in words or "error:" in words), "")
        return [f"ends with signal {-done.returncode}: {trap[:200]}"]
    if done.returncode not in ANSWERS:
        return [f"ends with status {done.returncode}: {said[:200]}"]
    if done.returncode != 0:
        if (folder / "out").exists():
            return [f"refused with status {done.returncode}, and something was written"]
        return [] if re.search(r"error \[[a-z-]+\.[a-z-]+", said) else [f"refused with status {done.returncode} without a problem: {said[:200]}"]
    faults = []
    if b"\x1b" in done.stdout + done.stderr:
        faults.append("a control character is printed")
    # A name may well be "inf"; what is asked is whether a number came out so.
    token = re.compile(r"(?<![\w<>/])[-−]?(nan|NaN|inf|infinity)(?![\w])")
    given = any(token.search(file.read_text(encoding="utf-8", errors="replace")) for part in ("Models", "Datasets") for file in (folder / part).rglob("*.*"))
    for words in [] if given else [done.stdout.decode("utf-8", "replace")] + [
        file.read_text(encoding="utf-8", errors="replace") for file in (folder / "out").rglob("*") if file.suffix in (".md", ".csv")
    ]:
        if bad := token.search(words):
            faults.append(f"prints {words[max(0, bad.start() - 60):bad.end() + 20]!r}")
            break
    return faults + sums(folder / "out" / "results.csv")


def sums(file):
    faults = collections.Counter()
    cells = {}
    for row in csv.DictReader(open(file, encoding="utf-8", newline="")):
        try:
            value, low, high = (float(row[name]) if row[name] else None for name in ("value", "p10", "p90"))
        except ValueError:
            faults[f"{row['measure']}: no number"] += 1
            continue
        if value is None:
            continue
        slack = 1e-6 * max(1, abs(value)) + 0.006
        if low is not None and high is not None and not low - slack <= value <= high + slack:
            faults[f"{row['measure']} {row['region']} {row['year']}: {value} outside {low}..{high}"] += 1
        if row["industry"] == "total" and row["team"] == "total":
            cells[row["region"], int(row["year"]), row["measure"]] = value
    known = lambda region, year, measure: cells.get((region, year, measure))
    for region, year in sorted({key[:2] for key in cells}):
        for whole, parts in [("openings", {"expansion": 1, "replacement": 1}), ("gap_requirement", {"demand": 1, "supply": -1})]:
            total, values = known(region, year, whole), [known(region, year, part) for part in parts]
            if total is None or None in values:
                continue
            expected = sum(value * sign for value, sign in zip(values, parts.values()))
            if abs(total - expected) > 1e-6 * (abs(total) + sum(map(abs, values))) + 0.01:
                faults[f"{whole} {region} {year}: {total} is not {expected}"] += 1
    return [f"{what} ({count})" for what, count in faults.most_common(3)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("example", type=pathlib.Path)
    parser.add_argument("mutants", type=int)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    answers, kinds, bad = collections.Counter(), collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="fuzz-line-") as place:
        base = pathlib.Path(place) / "base"
        base.mkdir()
        prepared(options.example, base)
        first = options.only or options.first
        seeds = range(first, first + (1 if options.only else options.mutants))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for seed, status, faults, names in pool.map(lambda seed: run(options.binary, base, seed, options.keep), seeds):
                answers[status] += 1
                if faults:
                    bad += 1
                    kind = re.sub(r"[\d.]+", "#", faults[0])[:80]
                    kinds[kind] += 1
                    if kinds[kind] <= 3:
                        print(f"mutant {seed} ({', '.join(names)}): {'; '.join(faults)}", file=sys.stderr, flush=True)
    finished = answers[0]
    signals = sum(count for status, count in answers.items() if isinstance(status, int) and status < 0)
    print(f"whole line: {sum(answers.values())} mutants, {finished} finished, {sum(answers.values()) - finished - signals} refused, "
          f"{signals} signals, {bad} with a fault; answers {dict(sorted(answers.items(), key=str))}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
