"""The outside world: each folder one library or device, with its simulated twin beside the real one."""
