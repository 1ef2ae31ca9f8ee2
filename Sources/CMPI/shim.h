// Open MPI names its types and communicators by macros that Swift cannot see.
#pragma once
#include <mpi.h>

// Every function returns MPI_SUCCESS or the error's code.
static inline int talentcast_mpi_start(int *rank, int *size) {
  int given, code = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &given);
  if (code == MPI_SUCCESS) code = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (code == MPI_SUCCESS) code = MPI_Comm_size(MPI_COMM_WORLD, size);
  return code;
}
static inline int talentcast_mpi_finish(void) { return MPI_Finalize(); }
static inline int talentcast_mpi_abort(int status) { return MPI_Abort(MPI_COMM_WORLD, status); }
static inline int talentcast_mpi_everybody(const double *own, int count, double *all, const int *counts, const int *starts) {
  return MPI_Allgatherv(own, count, MPI_DOUBLE, all, counts, starts, MPI_DOUBLE, MPI_COMM_WORLD);
}
static inline int talentcast_mpi_counts(int own, int *counts) {
  return MPI_Gather(&own, 1, MPI_INT, counts, 1, MPI_INT, 0, MPI_COMM_WORLD);
}
static inline int talentcast_mpi_bytes(const void *own, int count, void *all, const int *counts, const int *starts) {
  return MPI_Gatherv(own, count, MPI_BYTE, all, counts, starts, MPI_BYTE, 0, MPI_COMM_WORLD);
}
