import numpy as np
from scipy.linalg import cho_factor, cho_solve

from harness import report


def load(folder):
    data = np.fromfile(f"{folder}/data.f64").reshape(20, -1)
    y = data[0].copy()
    x = np.asfortranarray(np.vstack([np.ones(y.size), data[1:]]).T)

    def work():
        gram = cho_factor(x.T @ x)
        beta = cho_solve(gram, x.T @ y)
        residuals = y - x @ beta
        variance = residuals @ residuals / (y.size - x.shape[1])
        errors = np.sqrt(variance * np.diag(cho_solve(gram, np.eye(x.shape[1]))))
        return beta.sum() + errors.sum()

    return work


report("numpy + scipy Cholesky with SE", load)
