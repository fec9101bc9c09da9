"""What a person sees: words in two languages and the OLED's pictures, pure functions of the core's view."""
