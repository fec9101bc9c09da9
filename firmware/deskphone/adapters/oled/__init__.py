"""The OLED through luma; the simulated phone draws on luma's own device without hardware."""
