"""HTTP: the state, the screen, and for the simulated phone its keys."""
