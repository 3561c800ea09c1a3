"""Named constants of the DSL and the groups they belong to."""

# Booleans
F = False
T = True

B_NAMES = {
    'F': F, 'T': T,
}

# Positions counted from the first
F0 = 0
F1 = 1
F2 = 2
F3 = 3
F4 = 4
F5 = 5
F6 = 6
F7 = 7
F8 = 8
F9 = 9

# Positions counted from the last
L1 = -1
L2 = -2
L3 = -3
L4 = -4
L5 = -5
L6 = -6
L7 = -7
L8 = -8
L9 = -9
L10 = -10

# Ranks and object selectors
R0 = 0
R1 = 1
R2 = 2
R3 = 3
R4 = 4
R5 = 5
R6 = 6
R7 = 7
R8 = 8
R9 = 9

# Mirror and rotation selectors
A0 = 0
A1 = 1
A2 = 2
A3 = 3
A4 = 4
A5 = 5
A6 = 6
A7 = 7
A8 = 8
A9 = 9

# Scale factors
SM2 = 2
SM3 = 3
SD2 = -2
SD3 = -3

F_NAMES = {
    'F0': F0, 'F1': F1, 'F2': F2, 'F3': F3, 'F4': F4, 'F5': F5, 'F6': F6, 'F7': F7, 'F8': F8,
    'F9': F9,
}

L_NAMES = {
    'L1': L1, 'L2': L2, 'L3': L3, 'L4': L4, 'L5': L5, 'L6': L6, 'L7': L7, 'L8': L8, 'L9': L9,
    'L10': L10,
}

FL_NAMES = {**F_NAMES, **L_NAMES}

R_NAMES = {
    'R0': R0, 'R1': R1, 'R2': R2, 'R3': R3, 'R4': R4, 'R5': R5, 'R6': R6, 'R7': R7, 'R8': R8,
    'R9': R9,
}

R8_NAMES = {
    'R0': R0, 'R1': R1, 'R2': R2, 'R3': R3, 'R4': R4, 'R5': R5, 'R6': R6, 'R7': R7,
}

R4_NAMES = {
    'R0': R0, 'R1': R1, 'R2': R2, 'R3': R3,
}

A8_NAMES = {
    'A0': A0, 'A1': A1, 'A2': A2, 'A3': A3, 'A4': A4, 'A5': A5, 'A6': A6, 'A7': A7,
}

A4_NAMES = {
    'A0': A0, 'A1': A1, 'A2': A2, 'A3': A3,
}

S4_NAMES = {
    'SM2': SM2, 'SM3': SM3, 'SD2': SD2, 'SD3': SD3,
}

# Integers
NEG_TEN = -10
NEG_NINE = -9
NEG_EIGHT = -8
NEG_SEVEN = -7
NEG_SIX = -6
NEG_FIVE = -5
NEG_FOUR = -4
NEG_THREE = -3
NEG_TWO = -2
NEG_ONE = -1
ZERO = 0
ONE = 1
TWO = 2
THREE = 3
FOUR = 4
FIVE = 5
SIX = 6
SEVEN = 7
EIGHT = 8
NINE = 9
TEN = 10
HUNDRED = 100
THOUSAND = 1000

CONSTANTS = {
    'NEG_TEN': NEG_TEN, 'NEG_NINE': NEG_NINE, 'NEG_EIGHT': NEG_EIGHT, 'NEG_SEVEN': NEG_SEVEN,
    'NEG_SIX': NEG_SIX, 'NEG_FIVE': NEG_FIVE, 'NEG_FOUR': NEG_FOUR, 'NEG_THREE': NEG_THREE,
    'NEG_TWO': NEG_TWO, 'NEG_ONE': NEG_ONE, 'ZERO': ZERO, 'ONE': ONE, 'TWO': TWO,
    'THREE': THREE, 'FOUR': FOUR, 'FIVE': FIVE, 'SIX': SIX, 'SEVEN': SEVEN, 'EIGHT': EIGHT,
    'NINE': NINE, 'TEN': TEN, 'HUNDRED': HUNDRED, 'THOUSAND': THOUSAND,
}

INT_GENERIC_CONSTANTS = CONSTANTS

# Colours
BLACK = 0
BLUE = 1
RED = 2
GREEN = 3
YELLOW = 4
GRAY = 5
MAGENTA = 6
ORANGE = 7
CYAN = 8
BURGUNDY = 9

COLORS = {
    'BLACK': BLACK, 'BLUE': BLUE, 'RED': RED, 'GREEN': GREEN, 'YELLOW': YELLOW, 'GRAY': GRAY,
    'MAGENTA': MAGENTA, 'ORANGE': ORANGE, 'CYAN': CYAN, 'BURGUNDY': BURGUNDY,
}

# Vectors and dimensions
DOWN = (1, 0)
RIGHT = (0, 1)
UP = (-1, 0)
LEFT = (0, -1)
ORIGIN = (0, 0)
UNITY = (1, 1)
NEG_UNITY = (-1, -1)
UP_RIGHT = (-1, 1)
DOWN_LEFT = (1, -1)
ZERO_BY_TWO = (0, 2)
TWO_BY_ZERO = (2, 0)
TWO_BY_TWO = (2, 2)
THREE_BY_THREE = (3, 3)

PAIR_GENERIC_CONSTANTS = {
    'DOWN': DOWN, 'RIGHT': RIGHT, 'UP': UP, 'LEFT': LEFT, 'ORIGIN': ORIGIN, 'UNITY': UNITY,
    'NEG_UNITY': NEG_UNITY, 'UP_RIGHT': UP_RIGHT, 'DOWN_LEFT': DOWN_LEFT,
    'ZERO_BY_TWO': ZERO_BY_TWO, 'TWO_BY_ZERO': TWO_BY_ZERO, 'TWO_BY_TWO': TWO_BY_TWO,
    'THREE_BY_THREE': THREE_BY_THREE,
}

INT_TYPE_RANGES = {
    'F_': F_NAMES,
    'FL': FL_NAMES,
    'L_': L_NAMES,
    'R_': R_NAMES,
    'R4': R4_NAMES,
    'R8': R8_NAMES,
    'A4': A4_NAMES,
    'A8': A8_NAMES,
    'C_': COLORS,
    'Integer': CONSTANTS,
}

PAIR_TYPE_RANGES = {'IJ': PAIR_GENERIC_CONSTANTS}

GENERIC_CONSTANTS = {**INT_GENERIC_CONSTANTS, **PAIR_GENERIC_CONSTANTS}
ALL_CONSTANTS = {**B_NAMES, **FL_NAMES, **R_NAMES, **COLORS, **GENERIC_CONSTANTS}

GENERIC_CONSTANT_NAMES = list(GENERIC_CONSTANTS)
ALL_CONSTANT_NAMES = list(ALL_CONSTANTS)

_NUM = {'Boolean', 'Integer', 'Numerical'}
_CON = {'Tuple', 'Container', 'ContainerContainer'}
_CONTAINERS = {*_CON, 'TupleTuple', 'Grid', 'Samples', 'Indices', 'Object', 'Objects'}
_RANKS = {*_NUM, 'F_', 'R_', 'R4', 'R8', 'C_'}
_SETS = {*_CON, 'Indices', 'Object', 'Objects'}
_TUPLES = {*_CON, 'Grid', 'Samples', 'TupleTuple'}

# Annotation name -> names of the annotations it is compatible with.
HINT_OVERLAPS = {
    'Tuple': {*_CONTAINERS},
    'Container': {*_CONTAINERS},
    'ContainerContainer': {*_CONTAINERS},
    'Callable': {'Callable'},
    'Boolean': {*_RANKS, 'FL', 'L_', 'A4', 'A8', 'I_', 'J_'},
    'Integer': {*_RANKS, 'FL', 'L_'},
    'Numerical': {*_RANKS, 'FL', 'L_', 'IJ'},
    'F_': {*_RANKS, 'FL'},
    'FL': {*_NUM, 'F_', 'FL', 'L_'},
    'L_': {*_NUM, 'FL', 'L_'},
    'R_': {*_RANKS},
    'R4': {*_RANKS},
    'R8': {*_RANKS},
    'A4': {*_NUM, 'A4', 'A8'},
    'A8': {*_NUM, 'A4', 'A8'},
    'C_': {*_RANKS},
    'I_': {*_NUM},
    'J_': {*_NUM},
    'IJ': {'Numerical', 'IJ'},
    'Indices': {*_SETS},
    'Object': {*_SETS},
    'Objects': {*_SETS},
    'Grid': {*_TUPLES},
    'Samples': {*_TUPLES},
    'TupleTuple': {*_TUPLES},
    'TTT_iii': {*_CON, 'TupleTuple'},
    'Colors': {*_CON},
    'Cell': {'Cell', 'Tuple', 'Container'},
}
HINT_OVERLAPS['Any'] = {*HINT_OVERLAPS, 'Any'}
