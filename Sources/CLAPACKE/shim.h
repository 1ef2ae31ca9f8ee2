/* One header for BLAS (OpenBLAS) and LAPACKE. The two macros make complex
   numbers import as structs; without both, Swift cannot call the z-routines. */
#define HAVE_LAPACK_CONFIG_H 1
#define LAPACK_COMPLEX_STRUCTURE 1
#include <cblas.h>
#include <lapacke.h>
