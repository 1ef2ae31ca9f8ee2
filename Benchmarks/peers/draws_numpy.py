import numpy as np

from harness import report


def load(_):
    def work():
        generator = np.random.Generator(np.random.Philox(1))
        z = generator.standard_normal(10_000_000)
        return round(float(z @ z) / 1e7, 2)

    return work


report("numpy Philox (ziggurat)", load)
