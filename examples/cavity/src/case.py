"""Writes the OpenFOAM case of a lid-driven cavity of width 1 and lid speed 1 into 0/, constant/ and system/."""
import argparse
import os

HEADER = "FoamFile { version 2.0; format ascii; class %s; object %s; }\n"

BLOCKS = """scale 1;
vertices ((0 0 0) (1 0 0) (1 1 0) (0 1 0) (0 0 0.1) (1 0 0.1) (1 1 0.1) (0 1 0.1));
blocks (hex (0 1 2 3 4 5 6 7) (%(cells)d %(cells)d 1) simpleGrading (1 1 1));
edges ();
boundary
(
    lid { type wall; faces ((3 7 6 2)); }
    walls { type wall; faces ((0 4 7 3) (2 6 5 1) (1 5 4 0)); }
    frontAndBack { type empty; faces ((0 3 2 1) (4 5 6 7)); }
);
"""

CONTROL = """application icoFoam;
startFrom startTime;
startTime 0;
stopAt endTime;
endTime %(end_time).10g;
deltaT %(step).10g;
writeControl timeStep;
writeInterval %(steps)d;
purgeWrite 0;
writeFormat ascii;
writePrecision 10;
writeCompression off;
timeFormat general;
timePrecision 8;
runTimeModifiable false;
"""

SCHEMES = """ddtSchemes { default Euler; }
gradSchemes { default Gauss linear; }
divSchemes { default none; div(phi,U) Gauss linear; }
laplacianSchemes { default Gauss linear orthogonal; }
interpolationSchemes { default linear; }
snGradSchemes { default orthogonal; }
"""

SOLUTION = """solvers
{
    p { solver PCG; preconditioner DIC; tolerance 1e-7; relTol 0.05; }
    pFinal { $p; relTol 0; }
    U { solver smoothSolver; smoother symGaussSeidel; tolerance 1e-7; relTol 0; }
}
PISO { nCorrectors 2; nNonOrthogonalCorrectors 0; pRefCell 0; pRefValue 0; }
"""

DECOMPOSE = """numberOfSubdomains %(processes)d;
method simple;
coeffs { n (%(processes)d 1 1); delta 0.001; }
"""

CENTRELINE = """type sets;
libs ("libsampling.so");
interpolationScheme cellPoint;
setFormat raw;
fields (U);
sets
(
    vertical { type uniform; axis y; start (0.5 0.000001 0.05); end (0.5 0.999999 0.05); nPoints 401; }
);
"""

VELOCITY = """dimensions [0 1 -1 0 0 0 0];
internalField uniform (0 0 0);
boundaryField
{
    lid { type fixedValue; value uniform (1 0 0); }
    walls { type noSlip; }
    frontAndBack { type empty; }
}
"""

PRESSURE = """dimensions [0 2 -2 0 0 0 0];
internalField uniform 0;
boundaryField
{
    lid { type zeroGradient; }
    walls { type zeroGradient; }
    frontAndBack { type empty; }
}
"""

COURANT = 0.5


def files(reynolds, cells, end_time, processes):
    """{path: content} of the case."""
    steps = max(1, round(end_time * cells / COURANT))
    values = {
        "cells": cells, "end_time": end_time, "steps": steps, "step": end_time / steps, "processes": processes,
    }
    case = {
        "system/blockMeshDict": BLOCKS % values,
        "system/controlDict": CONTROL % values,
        "system/fvSchemes": SCHEMES,
        "system/fvSolution": SOLUTION,
        "system/decomposeParDict": DECOMPOSE % values,
        "system/centreline": CENTRELINE,
        "constant/transportProperties": "nu [0 2 -1 0 0 0 0] %.10g;\n" % (1.0 / reynolds),
    }
    written = {path: HEADER % ("dictionary", os.path.basename(path)) + text for path, text in case.items()}
    written["0/U"] = HEADER % ("volVectorField", "U") + VELOCITY
    written["0/p"] = HEADER % ("volScalarField", "p") + PRESSURE
    return written


def main():
    parser = argparse.ArgumentParser(description="OpenFOAM case of a lid-driven cavity.")
    parser.add_argument("--reynolds", type=float, required=True)
    parser.add_argument("--cells", type=int, required=True)
    parser.add_argument("--end-time", type=float, required=True, help="in widths over lid speed")
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    for path, text in files(chosen.reynolds, chosen.cells, chosen.end_time, chosen.processes).items():
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, "w") as stream:
            stream.write(text)


if __name__ == "__main__":
    main()
