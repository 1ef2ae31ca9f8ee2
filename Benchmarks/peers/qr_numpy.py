import numpy as np
from scipy.linalg import solve_triangular

from harness import report


def load(folder):
    data = np.fromfile(f"{folder}/data.f64").reshape(20, -1)
    y = data[0].copy()
    x = np.asfortranarray(np.vstack([np.ones(y.size), data[1:]]).T)

    def work():
        q, r = np.linalg.qr(x)
        beta = solve_triangular(r, q.T @ y)
        residuals = y - x @ beta
        variance = residuals @ residuals / (y.size - x.shape[1])
        inverse = solve_triangular(r, np.eye(x.shape[1]))
        errors = np.sqrt(variance * (inverse ** 2).sum(axis=1))
        return beta.sum() + errors.sum()

    return work


report("numpy QR with SE", load)
