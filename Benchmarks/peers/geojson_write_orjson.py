import numpy as np
import orjson

from harness import report


def load(folder):
    rings = np.fromfile(f"{folder}/rings.f64").reshape(3000, 500, 2).tolist()
    collection = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": str(100_000 + i), "name": f"区域{i}", "value": i},
         "geometry": {"type": "Polygon", "coordinates": [ring]}} for i, ring in enumerate(rings)]}

    def work():
        with open(f"{folder}/orjson.geojson", "wb") as file:
            file.write(orjson.dumps(collection))
        return len(collection["features"])

    return work


report("orjson", load)
