"""The process that follows the takes in memory, encodes them and stores what is kept."""
