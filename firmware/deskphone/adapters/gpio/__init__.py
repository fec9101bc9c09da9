"""Keys, hook and LED through gpiozero; the simulated phone uses gpiozero's own mock pins."""
