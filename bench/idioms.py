"""What generated candidates are made of: idioms, differs and the types of their holes.

An idiom is `Type weight: statements`; the last statement is its value, and `@Type` is a hole to be filled with a
value of that type. Nested calls become one op each, innermost first, so a line here is a piece of a chain as it
looks in a real solver. An idiom whose names are not all in the DSL at hand is left out, so one table serves
several DSL families; the functions that no idiom names are reached by their annotations (see generate.py).
"""

# Function types: CellFn (i, j) -> indices, Measure object -> int, Pred object -> bool, PatchFn object -> indices,
# ObjFn object -> object, IJFn object -> (i, j), GridFn grid -> grid. The names after `leaf:` are values by themselves.
IDIOMS = """
Grid 20: fill(@Grid, @C_, @Patch)
Grid 9: paint(@Grid, @Object)
Grid 4: underfill(@Grid, @C_, @Patch)
Grid 1: underpaint(@Grid, @Object)
Grid 6: subgrid(@Patch, @Grid)
Grid 11: mir_rot_t(@Grid, @Turn)
Grid 3: replace(@Grid, @C_, @C_)
Grid 1: switch(@Grid, @C_, @C_)
Grid 3: crop(@Grid, ORIGIN, @Extent)
Grid 2: g = @Grid; crop(g, @IJ, shape_t(g))
Grid 3: canvas(@C_, shape_t(@Grid))
Grid 1: canvas(@C_, @Extent)
Grid 4: vconcat(@Grid, @Grid)
Grid 3: hconcat(@Grid, @Grid)
Grid 2: g = @Grid; vconcat(g, mir_rot_t(g, R0))
Grid 1: g = @Grid; hconcat(g, g)
Grid 1: r = @Grid; p = hconcat(r, r); vconcat(p, p)
Grid 2: upscale_t(@Grid, @Small)
Grid 1: hupscale(@Grid, @Small)
Grid 0.6: vupscale(@Grid, @Small)
Grid 1: downscale(@Grid, @Small)
Grid 1: tophalf(@Grid)
Grid 1: lefthalf(@Grid)
Grid 1: righthalf(@Grid)
Grid 1: bottomhalf(@Grid)
Grid 3: cover(@Grid, @Patch)
Grid 1: move(@Grid, @Object, @IJ)
Grid 1: compress(@Grid)
Grid 1: trim(@Grid)
Grid 0.6: cellwise(@Grid, @Grid, @C_)
Grid 1: cellwise(lefthalf(I), righthalf(I), @C_)
Grid 0.6: cellwise(tophalf(I), bottomhalf(I), @C_)
Grid 3: branch(@Boolean, fill(@Grid, @C_, @Patch), @Grid)
Grid 2: g = @Grid; branch(portrait_t(g), tophalf, lefthalf)(g)
Grid 1: g = @Grid; branch(@Boolean, hsplit, vsplit)(g, @Small)
Grid 2: paint(@Grid, mapply(@ObjFn, @Objects))
Grid 1: fill(@Grid, @C_, mapply(@PatchFn, @Objects))
Grid 3: fill(@Grid, @C_, mapply(@CellFn, @Indices))
Grid 1: fill(@Grid, @C_, merge_f(apply(@CellFn, @Indices)))
Grid 0.6: paint(@Grid, merge_f(apply(@ObjFn, @Objects)))
Grid 0.6: fill(@Grid, @C_, mfilter_f(@Objects, @Pred))
Grid 1: paint(@Grid, shift(asobject(@Grid), @IJ))
Grid 1: get_nth_f(apply(rbind(subgrid, @Grid), @Objects), @FL)
Grid 1: get_nth_t(hsplit(@Grid, @Small), @FL)
Grid 1: get_nth_t(vsplit(@Grid, @Small), @FL)
Grid 1: o = @Object; g = @Grid; paint(cover(g, o), shift(o, @IJ))
Grid 2: @GridFn(@Grid)
Grid 0.7: power(@GridFn, TWO)(@Grid)
Grid 1: g = @Grid; c = rbind(mapply, @Objects)(@ObjFn); paint(g, c)
Grid 1: get_color_rank_t(@Grid, @FL); g = @Grid; replace(g, get_color_rank_t(g, L1), @C_)
Grid 1: papply(pair, @Grid, @Grid); fill(@Grid, @C_, @Indices)
Grid 0.6: vconcat(@Grid, mir_rot_t(@Grid, R0))
Grid 0.5: papply(astuple, @Grid, @Grid)

Objects 9: o_g(I, @R8)
Objects 3: o_g(@Grid, @R8)
Objects 4: colorfilter(@Objects, @C_)
Objects 2: sizefilter(@Objects, @Small)
Objects 1.5: sfilter_f(@Objects, @Pred)
Objects 1: sfilter(@Objects, @Pred)
Objects 1: a = @Objects; difference(a, sfilter_f(a, @Pred))
Objects 1: remove_f(@Object, @Objects)
Objects 0.4: fgpartition(@Grid)
Objects 0.4: partition(@Grid)
Objects 0.4: apply(@ObjFn, @Objects)
Objects 1: combine_f(@Objects, @Objects)
Objects 0.2: apply(normalize, @Objects)
Objects 0.4: frontiers(@Grid)

Object 3: get_arg_rank_f(@Objects, size, @FL)
Object 1: get_arg_rank_f(@Objects, @Measure, @FL)
Object 6: get_nth_f(@Objects, @FL)
Object 3: extract(@Objects, @Pred)
Object 2: merge_f(@Objects)
Object 6: shift(@Object, @IJ)
Object 2: normalize(@Object)
Object 1: asobject(@Grid)
Object 3: recolor_i(@C_, @Indices)
Object 1: mapply(@ObjFn, @Objects)
Object 1: mir_rot_f(@Object, @R4)
Object 0.6: upscale_f(@Object, @Small)
Object 1: other_f(@Objects, @Object)
Object 1: toobject(@Indices, @Grid)
Object 1: branch(@Boolean, @Object, @Object)
Object 0.5: combine_f(@Object, @Object)
Object 1: recolor_o(@C_, @Object)
Object 1: sfilter_f(@Object, matcher(rbind(get_nth_f, L1), @C_))
Object 1: o = @Object; combine_f(o, mir_rot_f(o, @R4))
Object 1: lbind(shift, @Object)(@IJ)
Object 1: rapply_f(apply(lbind(lbind, shift), @Objects), @IJ); @Object

Indices 10: f_ofcolor(I, @C_)
Indices 5: f_ofcolor(@Grid, @C_)
Indices 3: connect(@IJ, @IJ)
Indices 3: shoot(@IJ, @Direction)
Indices 1: asindices(@Grid)
Indices 0.5: combine_f(@Indices, @Indices)
Indices 1: intersection(@Indices, @Indices)
Indices 1: difference(@Indices, @Indices)
Indices 1: box(@Patch)
Indices 0.6: inbox(@Patch)
Indices 1: outbox(@Patch)
Indices 1: backdrop(@Patch)
Indices 1: delta(@Patch)
Indices 0.6: corners(@Patch)
Indices 2: shift(@Indices, @IJ)
Indices 1: initset(@IJ)
Indices 2: insert(@IJ, @Indices)
Indices 0.4: mapply(@PatchFn, @Objects)
Indices 2: mapply(@CellFn, @Indices)
Indices 4: mapply(lbind(shift, @Patch), apply(tojvec, interval(@Small, @Extent1, @Small)))
Indices 2: mapply(lbind(shift, @Patch), apply(toivec, interval(ZERO, @Extent1, @Small)))
Indices 1: sfilter_f(@Indices, compose(even, rbind(get_nth_f, F0)))
Indices 1: occurrences(@Grid, @Object)
Indices 2: apply(lbind(add, @IJ), @Indices)
Indices 0.6: apply(rbind(corner, @R4), @Objects)
Indices 0.4: apply(center, @Objects)
Indices 2: apply(rbind(add, @IJ), @Indices)
Indices 0.5: product(interval(ZERO, @Extent1, @Small), interval(ZERO, @Extent1, @Small))
Indices 0.6: i = corners(@Patch); merge_f(prapply(connect, i, i))
Indices 0.6: i = insert(@IJ, corners(@Patch)); merge_f(sfilter_f(prapply(connect, i, i), vline_i))
Indices 0.6: hfrontier(@IJ)
Indices 0.6: vfrontier(@IJ)
Indices 0.6: neighbors(@IJ)
Indices 0.6: dneighbors(@IJ)
Indices 1: p = @IJ; combine_f(shoot(p, UNITY), shoot(p, NEG_UNITY))
Indices 1: toindices(@Patch)
Indices 1: normalize(@Indices)
Indices 0.4: mfilter_f(@Objects, @Pred)
Indices 1: compose(rbind(apply, @Indices), lbind(rbind, shift)); mapply(compose(initset, rbind(corner, @R4)), @Objects)
Indices 0.6: papply(add, totuple(@Indices), totuple(@Indices)); f_ofcolor(@Grid, @C_)
Indices 0.6: order(@Indices, rbind(get_nth_f, F0)); f_ofcolor(@Grid, @C_)

IJ 12: corner(@Patch, @R4)
IJ 2: center(@Patch)
IJ 1: shape_t(@Grid)
IJ 1: shape_f(@Patch)
IJ 0.6: gravitate(@Patch, @Patch)
IJ 1: position(@Patch, @Patch)
IJ 2: tojvec(@Integer)
IJ 1: toivec(@Integer)
IJ 3: add(@IJ, @IJ)
IJ 1: subtract(@IJ, @IJ)
IJ 1: multiply(@IJ, @Integer)
IJ 1: astuple(@Integer, @Integer)
IJ 1: increment(@IJ)
IJ 0.6: decrement(@IJ)
IJ 0.6: double(@IJ)
IJ 0.6: crement(@IJ)
IJ 0.6: sign(@IJ)
IJ 0.6: invert(@IJ)
IJ 1: get_nth_f(@Indices, @FL)

Integer 2: size(@Objects)
Integer 2: size_f(@Patch)
Integer 1: height_t(@Grid)
Integer 1: width_t(@Grid)
Integer 2: height_f(@Patch)
Integer 2: width_f(@Patch)
Integer 1: increment(@Integer)
Integer 1: decrement(@Integer)
Integer 1: double(@Integer)
Integer 1: halve(@Integer)
Integer 3: col_row(@Patch, @R4)
Integer 1: add(@Integer, @Integer)
Integer 1: subtract(@Integer, @Integer)
Integer 1: multiply(@Integer, @Integer)
Integer 1: divide(@Integer, @Small)
Integer 1: get_val_rank_f(@Objects, @Measure, @FL)
Integer 0.6: valmax_f(@Objects, @Measure)
Integer 0.6: colorcount_t(@Grid, @C_)
Integer 0.6: vperiod(@Object)
Integer 0.6: hperiod(@Object)
Integer 0.6: maximum(apply(@Measure, @Objects))
Integer 0.6: branch(@Boolean, @Integer, @Integer)

C_ 3: get_color_rank_t(@Grid, @FL)
C_ 4: color(@Object)
C_ 1: get_color_rank_f(@Object, @FL)
C_ 1: index(@Grid, @IJ)
C_ 1: get_rank(palette_t(@Grid), @FL)
C_ 1: other_f(palette_t(@Grid), @C_)
C_ 1: other_f(remove_f(@C_, palette_t(@Grid)), @C_)
C_ 0.3: get_nth_t(difference_tuple(dedupe(mapply(p_g, apply(second, S))), dedupe(mapply(p_g, apply(first, S)))), F0)
C_ 0.2: get_nth_t(difference_tuple(dedupe(mapply(p_g, apply(first, S))), dedupe(mapply(p_g, apply(second, S)))), F0)
C_ 0.4: branch(@Boolean, @C_, @C_)

Boolean 2: equality(@Integer, @Integer)
Boolean 1: portrait_t(@Grid)
Boolean 1: contained(@C_, palette_t(@Grid))
Boolean 1: greater(@Integer, @Small)
Boolean 1: bordering(@Patch, @Grid)
Boolean 1: even(@Integer)
Boolean 1: square_t(@Grid)
Boolean 1: portrait_f(@Patch)
Boolean 1: equality(@Grid, @Grid)

Measure leaf: size size size height_f width_f numcolors_f size leftmost
Measure 2: rbind(col_row, @R4)
Measure 2: rbind(colorcount_f, @C_)
Measure 2: compose(size, delta)
Measure 3: fork(multiply, height_f, width_f)
Measure 1: compose(size, @PatchFn)
Measure 2: chain(size, @PatchFn, normalize)

Pred leaf: square_f vline_o hline_o
Pred 7: matcher(color, @C_)
Pred 4: matcher(@Measure, @Small)
Pred 2: compose(flip, @Pred)
Pred 2: rbind(bordering, @Grid)
Pred 1: rbind(adjacent, @Patch)
Pred 1: compose(rbind(greater, @Small), size)
Pred 3: fork(equality, height_f, width_f)
Pred 1: fork(both, @Pred, @Pred)
Pred 1: compose(lbind(contained, @C_), palette_f)
Pred 3: chain(flip, @Pred, normalize)
Pred 1: compose(even, @Measure)

CellFn leaf: neighbors neighbors dneighbors ineighbors vfrontier hfrontier
CellFn 4: rbind(shoot, @Direction)
CellFn 4: lbind(shift, @Patch)
CellFn 5: fork(connect, rbind(add, @Direction), rbind(subtract, @Direction))
CellFn 4: fork(combine_f, @CellFn, @CellFn)
CellFn 2: compose(@CellFn, rbind(add, @IJ))
CellFn 3: chain(initset, double, rbind(add, @IJ))
CellFn 2: chain(@CellFn, increment, rbind(multiply, @Small))
CellFn 2: compose(lbind(shift, @Patch), lbind(multiply, @Integer))

PatchFn leaf: backdrop outbox box corners delta inbox toindices
PatchFn 2: compose(@PatchFn, @PatchFn)
PatchFn 3: rbind(shift, @IJ)
PatchFn 2: compose(vfrontier, center)
PatchFn 1: compose(hfrontier, center)
PatchFn 4: fork(connect, rbind(corner, @R4), rbind(corner, @R4))
PatchFn 2: fork(combine_f, @PatchFn, @PatchFn)
PatchFn 4: compose(rbind(shoot, @Direction), center)
PatchFn 2: compose(rbind(shoot, @Direction), rbind(corner, @R4))
PatchFn 1: chain(@PatchFn, backdrop, @PatchFn)
PatchFn 4: compose(lbind(shift, @Patch), rbind(corner, @R4))
PatchFn 1: fork(difference, @PatchFn, @PatchFn)
PatchFn 2: chain(lbind(shift, @Patch), decrement, rbind(corner, @R4))

ObjFn leaf: normalize toobject
ObjFn 8: fork(recolor_i, color, @PatchFn)
ObjFn 2: rbind(shift, @IJ)
ObjFn 2: rbind(mir_rot_f, @R4)
ObjFn 2: compose(lbind(recolor_i, @C_), @PatchFn)
ObjFn 1: fork(shift, identity, @IJFn)
ObjFn 1: compose(@ObjFn, @ObjFn)
ObjFn 1: compose(lbind(recolor_o, @C_), @ObjFn)
ObjFn 1: fork(combine_f, identity, @ObjFn)

IJFn leaf: center shape_f
IJFn 2: rbind(corner, @R4)
IJFn 1: compose(invert, rbind(corner, @R4))
IJFn 1: compose(tojvec, width_f)
IJFn 1: compose(toivec, height_f)
IJFn 1: chain(toivec, decrement, height_f)

GridFn leaf: tophalf lefthalf righthalf bottomhalf trim compress
GridFn 3: rbind(mir_rot_t, @Turn)
GridFn 1: rbind(upscale_t, @Small)
GridFn 1: lbind(hconcat, @Grid)
GridFn 1: lbind(vconcat, @Grid)
GridFn 1: compose(@GridFn, @GridFn)
GridFn 1: compose(lbind(subgrid, @Patch), @GridFn)
GridFn 1: chain(@GridFn, @GridFn, @GridFn)
GridFn 1: fork(hconcat, @GridFn, identity)

Colors 2: palette_t(@Grid)
Colors 3: apply(color, @Objects)
Colors 1: palette_f(@Object)
Colors 1: remove_f(@C_, palette_t(@Grid))

Tuple 1: interval(ZERO, @Extent1, @Small)
Tuple 1: order(@Objects, @Measure)
Tuple 1: totuple(@Objects)
Tuple 1: p_g(@Grid)
Tuple 1: hsplit(@Grid, @Small)
Tuple 1: apply(@Measure, totuple(@Objects))

TTT 1: o_g_t(@Grid, @R8)
TTT 1: colorfilter_t(o_g_t(@Grid, @R8), @C_)
TTT 1: sizefilter_t(o_g_t(@Grid, @R8), @Small)

Cell 1: ascell(@IJ, @C_)
Cell 1: astriple(@Integer, @Integer, @C_)
"""

# More for the DSLs that have one function for patches and grids.
ORIGINAL = """
Grid 2: rot90(@Grid)
Grid 2: hmirror(@Grid)
Grid 2: vmirror(@Grid)
Grid 1: dmirror(@Grid)
Grid 1: upscale(@Grid, @Small)
Objects 6: objects(@Grid, T, @Boolean, T)
Object 3: argmax(@Objects, @Measure)
Object 3: argmin(@Objects, @Measure)
Object 2: first(@Objects)
Object 2: merge(@Objects)
Object 3: recolor(@C_, @Patch)
Indices 4: ofcolor(@Grid, @C_)
IJ 2: ulcorner(@Patch)
C_ 1: mostcolor(@Grid)
C_ 1: leastcolor(@Grid)
Colors 1: palette(@Grid)
Pred 2: matcher(@Measure, @Small)
Pred 3: matcher(color, @C_)
Pred 1: compose(flip, @Pred)
Measure leaf: size height width numcolors leftmost uppermost
Pred leaf: square vline hline portrait
PatchFn leaf: backdrop outbox box corners delta inbox toindices
ObjFn leaf: normalize hmirror vmirror
ObjFn 2: lbind(recolor, @C_)
ObjFn 2: rbind(shift, @IJ)
ObjFn 2: fork(recolor, color, @PatchFn)
Object 2: mapply(@ObjFn, @Objects)
Grid 1: paint(@Grid, mapply(@ObjFn, @Objects))
"""

# Patch is either of these; Any is whatever fits.
UNIONS = {
    'Patch': ('Object', 'Indices'),
    'Any': ('Object', 'Integer', 'Grid', 'Indices'),
    'Callable': ('Measure', 'Pred', 'PatchFn', 'ObjFn'),
    'Container': ('Objects',) * 7 + ('Tuple', 'Indices'),
    'FrozenSet': ('Objects',) * 10 + ('Indices',),
}

# A hole for a constant: its names by weight. Those missing from the constants are left out.
CONSTANTS = {
    'C_': 'ZERO*4 ONE*2 TWO*3 THREE*2 FOUR*2 FIVE*3 SIX SEVEN EIGHT*3 NINE',
    'FL': 'F0*12 L1*8 F1*2 L2 F2',
    'R4': 'R0*2 R1 R2 R3*2',
    'R8': 'R1*3 R3*3 R4*3 R5*9 R7*6 R0 R2',
    'Turn': 'R0*3 R1*2 R2*3 R3 R4*2 R5*2 R6*2',
    'R_': 'R0 R1 R2 R3',
    'Small': 'ONE*3 TWO*5 THREE*5 FOUR',
    'Integer': 'ZERO ONE*3 TWO*3 THREE*2 FOUR FIVE SIX NINE TEN NEG_ONE NEG_TWO',
    'IJ': 'DOWN*2 RIGHT*2 UP*2 LEFT*2 ORIGIN*2 UNITY*3 NEG_UNITY*2 UP_RIGHT DOWN_LEFT ZERO_BY_TWO TWO_BY_ZERO '
          'TWO_BY_TWO THREE_BY_THREE',
    'Direction': 'DOWN*3 RIGHT*3 UP*3 LEFT*3 UNITY*2 NEG_UNITY*2 UP_RIGHT*2 DOWN_LEFT*2',
    'Extent': 'THREE_BY_THREE*3 TWO_BY_TWO*2 UNITY',
    'Extent1': 'THREE FIVE NINE*3 TEN*4 SIX',
    'Boolean': 'T F',
}

# How often a hole that a constant could fill is computed instead, where the size of the candidate allows it.
COMPUTED = {'C_': 0.20, 'Integer': 0.55, 'IJ': 0.85, 'Boolean': 0.95, 'Extent': 0.0, 'Small': 0.0, 'Extent1': 0.1}

# The share of the remaining ops that a hole asks for, where it is not 1 (1.8 for functions).
APPETITE = {'Grid': 0.5, 'Objects': 0.8}

# Annotation -> the hole it makes.
HOLES = {
    'F_': 'FL', 'L_': 'FL', 'A4': 'R4', 'A8': 'Turn', 'I_': 'Integer', 'J_': 'Integer', 'IntegerTuple': 'IJ',
    'Numerical': 'Integer', 'ContainerContainer': 'Objects', 'IndicesSet': 'Objects', 'IntegerSet': 'Colors',
    'Element': 'Object', 'Piece': 'Grid', 'TupleTuple': 'Grid', 'TTT_iii': 'TTT', 'int': 'Integer',
    'bool': 'Boolean', 'tuple': 'Tuple', 'frozenset': 'FrozenSet',
}

# Score one grid X against the expected one. `a | b` are alternatives for different DSL families.
DIFFERS = """
colours that X lacks:
    see = identity(p_g); d = difference_tuple(see(C), see(X)); astuple(multiply(size(d), HUNDRED), get_nth_t(d, F0))
  | d = difference(palette(C), palette(X)); astuple(multiply(size(d), TEN), first(d))
colours that X should not have:
    see = identity(p_g); d = difference_tuple(see(X), see(C));
    astuple(subtract(THOUSAND, multiply(size(d), HUNDRED)), get_nth_t(d, F0))
  | d = difference(palette(X), palette(C)); astuple(subtract(TEN, size(d)), first(d))
cells that agree:
    same = multiply(height_t(X), width_t(X)); off = f_ofcolor(cellwise(X, C, NEG_ONE), NEG_ONE);
    astuple(subtract(same, size(off)), off)
  | same = multiply(height(X), width(X)); off = ofcolor(cellwise(X, C, NEG_ONE), NEG_ONE);
    astuple(subtract(same, size(off)), off)
single cells that X lacks:
    dots = rbind(sizefilter, ONE); parts = rbind(o_g, R5); d = difference(dots(parts(C)), dots(parts(X)));
    astuple(multiply(size(d), HUNDRED), get_nth_f(d, F0))
  | dots = rbind(sizefilter, ONE); d = difference(dots(objects(C, T, F, F)), dots(objects(X, T, F, F)));
    astuple(size(d), d)
single cells that X should not have:
    dots = rbind(sizefilter, ONE); parts = rbind(o_g, R5); d = difference(dots(parts(X)), dots(parts(C)));
    astuple(subtract(THOUSAND, multiply(size(d), HUNDRED)), get_nth_f(d, F0))
  | dots = rbind(sizefilter, ONE); d = difference(dots(objects(X, T, F, F)), dots(objects(C, T, F, F)));
    astuple(subtract(TEN, size(d)), d)
"""
