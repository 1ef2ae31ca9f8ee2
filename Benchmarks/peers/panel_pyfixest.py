import numpy as np
import pandas as pd
import pyfixest as pf

from harness import report


def load(folder):
    data = np.fromfile(f"{folder}/data.f64").reshape(6, -1)
    frame = pd.DataFrame({name: data[k] for k, name in enumerate(["y", "x1", "x2", "x3"])})
    frame["firm"] = data[4].astype(int)
    frame["year"] = data[5].astype(int)

    def work():
        fit = pf.feols("y ~ x1 + x2 + x3 | firm + year", frame, vcov={"CRV1": "firm"})
        return fit.coef().sum() + fit.se().sum()

    return work


report("pyfixest", load)
