"""A compiled module in loky's worker processes, plain and by way of joblib. Run by tests/module.py in a folder with
program.so, with a Python that has joblib; prints a line for each check."""

import sys

sys.path.insert(0, '.')
sys.modules['cupy'] = None
import program  # noqa: E402
from joblib import Parallel, delayed  # noqa: E402
from joblib.externals.loky import ProcessPoolExecutor  # noqa: E402

GRID = ((1, 0, 2), (0, 3, 0))
SAMPLES = ((GRID, GRID[::-1]), (GRID[::-1], GRID))


def call(how=None):
    return program.batt('task', SAMPLES, GRID, how, None)


def check_loky(wanted):
    with ProcessPoolExecutor(2) as pool:
        results = [pool.submit(program.batt, 'task', SAMPLES, GRID, None, None) for _ in range(4)]
        failed = pool.submit(call, 'KeyError')
        assert [result.result()[0][:2] for result in results] == [wanted] * 4
        closures = results[3].result()[0][3][3]
        assert closures[0](1) == 11 and closures[3] is program.batt('task', SAMPLES, GRID, None, None)[0][3][3][3]
        assert type(failed.exception()) is KeyError
        assert pool.submit(closures[0], 1).result() == 11, 'a closure that is sent to a worker'
        assert pool.submit(lambda how: call(how)[1][1][3], None).result() is program.Limit('integer')


def check_joblib(wanted):
    for backend in ('loky', 'multiprocessing', 'threading'):
        results = Parallel(2, backend=backend)(delayed(program.batt)('task', SAMPLES, GRID, None, None) for _ in range(4))
        assert [result[0][:2] for result in results] == [wanted] * 4, backend


if __name__ == '__main__':
    wanted = call()[0][:2]
    for check in (check_loky, check_joblib):
        check(wanted)
        print('ok', check.__name__[6:], flush=True)
