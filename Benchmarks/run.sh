#!/usr/bin/env bash
# Measures our work beside its peers in one run: Benchmarks/run.sh [--rounds N] [--repeats N] [CASE…]
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venv-bench
if ! cmp -s Benchmarks/peers/requirements.txt "$environment/installed.txt"; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r Benchmarks/peers/requirements.txt
  cp Benchmarks/peers/requirements.txt "$environment/installed.txt"
fi
swift build -c release --product benchmark >&2
exec "$environment/bin/python" Benchmarks/compare.py --binary .build/release/benchmark \
  --python "$environment/bin/python" --data .build/benchmarks "$@"
