"""The laboratory: real Slurm centres on one machine, each in its own namespaces. See README.md."""
