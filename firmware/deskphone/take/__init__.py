"""The folder of a take and its sidecar: the contract between phone and vault."""
