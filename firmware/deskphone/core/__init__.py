"""The whole phone as one pure function; imports nothing of devices, calls, vault or web."""
