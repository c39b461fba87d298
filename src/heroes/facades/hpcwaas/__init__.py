"""The HPCWaaS execution API of eFlows4HPC, for its original clients (github.com/eflows4hpc/hpcwaas-api)."""
