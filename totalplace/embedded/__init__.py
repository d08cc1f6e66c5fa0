"""PostgreSQL and Valkey from wheels, and everything that runs beside them, as one tree of processes."""
