"""A compiled module in a real notebook. Run by tests/module.py in a folder with program.so and changed.so, with a Python that
has nbclient and ipykernel; prints a line for each check."""

import os
import signal
import sys
import threading

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELLS = {
    'import': '''
import importlib, os, sys
sys.modules['cupy'] = None
import program
GRID = ((1, 0, 2), (0, 3, 0))
SAMPLES = ((GRID, GRID[::-1]), (GRID[::-1], GRID))
def call(how=None):
    return program.batt('task', SAMPLES, GRID, how, None)
o, s = call()
assert o[0][3][2] is GRID and o[3][3][0](1) == 11
print(program.__file__, os.getpid())''',
    'magic': '%timeit -n 3 -r 1 call()\n%time _ = program.batt_batch([("task", SAMPLES, GRID, None, None)] * 4, 2)',
    'exception': 'call("KeyError")',
    'interrupt': 'call("forever")',
    'after it': 'assert call()[0][0][3][2] is GRID',
    'interrupted batch': 'program.batt_batch([("task", SAMPLES, GRID, "forever", None)] * 3, 2)',
    'reload': '''
os.rename('changed.so', 'program.so')
assert importlib.reload(program) is program
call()[1][2][2]''',
    'old objects': 'assert o[3][3][0](1) == 11',
}
RAISED = {'exception': 'KeyError', 'interrupt': 'KeyboardInterrupt', 'interrupted batch': 'KeyboardInterrupt'}


def text_of(cell):
    return ''.join(output.get('text', '') + output.get('data', {}).get('text/plain', '') for output in cell.outputs)


def interrupt(kernel, ended):
    """Every second: a busy machine may not have begun with the cell when the first comes."""
    while not ended.wait(1):
        os.kill(kernel, signal.SIGINT)


def run_cell(client, cell, number, name, kernel):
    """The name of what it raised."""
    ended = threading.Event()
    thread = threading.Thread(target=interrupt, args=(kernel, ended))
    if 'interrupt' in name:
        thread.start()
    try:
        client.execute_cell(cell, number)
    except CellExecutionError as error:
        return error.ename
    finally:
        ended.set()
        if thread.is_alive():
            thread.join()
    return None


def main():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text.strip()) for text in CELLS.values()])
    client = NotebookClient(notebook, timeout=300, kernel_name='python3', resources={'metadata': {'path': os.getcwd()}})
    kernel = None
    with client.setup_kernel():
        for number, (name, cell) in enumerate(zip(CELLS, notebook.cells)):
            raised = run_cell(client, cell, number, name, kernel)
            assert raised == RAISED.get(name), (name, raised, text_of(cell))
            if name == 'import':
                file, kernel = text_of(cell).split()
                kernel = int(kernel)
                assert file.endswith('program.so'), file
            if name == 'reload':
                assert text_of(cell) == "'changed'", text_of(cell)
            print('ok', name, flush=True)


if __name__ == '__main__':
    sys.exit(main())
