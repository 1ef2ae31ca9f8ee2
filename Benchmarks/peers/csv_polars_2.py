import os

os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl  # noqa: E402

from harness import report  # noqa: E402


def load(folder):
    def work():
        table = pl.read_csv(f"{folder}/table.csv")
        last = table.row(table.height - 1, named=True)
        return table.height + sum(last[name] for name in ("year", "persons", "growth", "share"))

    return work


report("polars, 2 threads", load)
