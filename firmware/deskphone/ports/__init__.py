"""What the core needs of the outside, as small protocols; each has a real adapter and a simulated twin."""
