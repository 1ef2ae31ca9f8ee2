import numpy as np

from harness import report

AGES, REGIONS, TEAMS, SEXES, GRADES, LEVELS = 50, 13, 5, 2, 4, 4


def load(_):
    age = np.arange(AGES, dtype=float).reshape(-1, 1, 1, 1, 1, 1)
    region = np.arange(REGIONS, dtype=float).reshape(1, -1, 1, 1, 1, 1)
    team = np.arange(TEAMS, dtype=float).reshape(1, 1, -1, 1, 1, 1)
    sex = np.arange(SEXES, dtype=float).reshape(1, 1, 1, -1, 1, 1)
    grade = np.arange(GRADES, dtype=float).reshape(1, 1, 1, 1, -1, 1)
    level = np.arange(LEVELS, dtype=float).reshape(1, 1, 1, 1, 1, -1)
    start = 1 + region + team / 2 + sex / 4 + grade + level / 8 + age / 50
    death = -np.log1p(-(0.001 + age * age * 1e-5 / (1 + sex)))
    old = age + 3 * sex
    retirement = -np.log1p(-np.where(old < 35, 0, (old - 34) / 20).clip(0, 1))
    transfer = -np.log1p(-0.05 / (1 + team + age / 10))
    distance = np.abs(np.arange(REGIONS)[:, None] - np.arange(REGIONS)[None, :])
    moving = 0.02 / (1 + distance)[None] / (1 + np.arange(AGES))[:, None, None]
    moving[:, np.arange(REGIONS), np.arange(REGIONS)] = 0
    promotion = [0.1 / (1 + g) + 0.01 * np.arange(LEVELS) for g in range(GRADES - 1)]
    entrants = (1 + region) / 10 + team / 100 + np.zeros((10, 1, 1, SEXES, GRADES, LEVELS))
    diagonal = np.arange(REGIONS)

    def work():
        total = 0.0
        for draw in range(100):
            state = start.copy()
            exits = 0.0
            for year in range(40):
                def lever(prime):
                    return 0.8 + 0.4 * ((draw * 40 + year) * prime % 1000) / 1000
                with np.errstate(invalid="ignore"):
                    force = death * lever(7919) + retirement * lever(104729) + transfer * lever(1299)
                stay = np.exp(-force)
                before = state.sum(axis=(4, 5), keepdims=True)
                exits += float((before * (1 - stay)).sum())
                state *= stay
                matrix = moving * lever(31)
                matrix[:, diagonal, diagonal] = 1 - matrix.sum(axis=2)
                state = np.matmul(matrix.transpose(0, 2, 1), state.reshape(AGES, REGIONS, -1))
                state = state.reshape(start.shape)
                for g in reversed(range(GRADES - 1)):
                    up = state[..., g, :] * (promotion[g] * lever(17))
                    state[..., g, :] -= up
                    state[..., g + 1, :] += up
                last = state[-1] + state[-2]
                state[1:-1] = state[:-2].copy()
                state[-1] = last
                state[0] = 0
                state[:10] += entrants * lever(13)
            total += float(state.sum()) + exits
        return total / 100

    return work


report("numpy, 1 thread", load)
