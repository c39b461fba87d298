"""The laboratory: real centres of Slurm and Grid Engine on one machine, each in its own namespaces. See README.md."""
