import os
import struct

import numpy as np
import pyogrio

from harness import report


def load(folder):
    rings = np.fromfile(f"{folder}/rings.f64").reshape(3000, 500, 2)
    head = struct.pack("<BIII", 1, 3, 1, 500)
    shapes = np.array([head + ring.astype("<f8").tobytes() for ring in rings], dtype=object)
    number = np.arange(3000)
    fields = [np.array([str(100_000 + i) for i in number], dtype=object),
              np.array([f"区域{i}" for i in number], dtype=object), number.astype(float)]

    def work():
        file = f"{folder}/pyogrio.geojson"
        if os.path.exists(file):
            os.remove(file)
        pyogrio.raw.write(file, shapes, fields, fields=["code", "name", "value"], geometry_type="Polygon",
                          crs="EPSG:4326", driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION="6")
        return 3000

    return work


report("pyogrio", load)
