"""Many reports on many machines: chunks of a batch go to the workers of a dask cluster."""
