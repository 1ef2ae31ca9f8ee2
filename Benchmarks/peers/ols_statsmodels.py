import numpy as np
import statsmodels.api as sm

from harness import report


def load(folder):
    data = np.fromfile(f"{folder}/data.f64").reshape(20, -1)
    y = data[0].copy()
    x = np.vstack([np.ones(y.size), data[1:]]).T.copy()

    def work():
        fit = sm.OLS(y, x).fit()
        return fit.params.sum() + fit.bse.sum()

    return work


report("statsmodels OLS", load)
