import pyogrio

from harness import report


def load(folder):
    def work():
        return len(pyogrio.raw.read(f"{folder}/rings.geojson")[2])

    return work


report("pyogrio, read only", load)
