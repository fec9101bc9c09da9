"""The phone's end of the join with the vault process."""
